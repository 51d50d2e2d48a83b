namespace Kameleoon.Hybrid.Blazor.Tests;

/// <summary>What the streamed page waits for.</summary>
public sealed class Gate
{
    private readonly TaskCompletionSource _opened = new(TaskCreationOptions.RunContinuationsAsynchronously);

    /// <summary>Completes when the gate is opened.</summary>
    public Task Opened => _opened.Task;

    /// <summary>Lets the page continue.</summary>
    public void Open() => _opened.TrySetResult();
}
