using Microsoft.AspNetCore.Http.Features;

namespace Kameleoon.Hybrid.Sandbox;

/// <summary>Status, headers and callbacks of a response in process.</summary>
internal sealed class InProcessResponse : HttpResponseFeature
{
    private readonly Stack<(Func<object, Task> Callback, object State)> _starting = [];
    private readonly Stack<(Func<object, Task> Callback, object State)> _completed = [];
    private bool _started;

    public override bool HasStarted => _started;

    public override void OnStarting(Func<object, Task> callback, object state)
    {
        if (_started)
        {
            throw new InvalidOperationException("The response has started; its headers cannot change any more.");
        }

        _starting.Push((callback, state));
    }

    public override void OnCompleted(Func<object, Task> callback, object state) => _completed.Push((callback, state));

    internal async Task FireStartingAsync()
    {
        while (_starting.TryPop(out var entry))
        {
            await entry.Callback(entry.State);
        }

        _started = true;
    }

    internal async Task FireCompletedAsync()
    {
        while (_completed.TryPop(out var entry))
        {
            await entry.Callback(entry.State);
        }
    }
}
