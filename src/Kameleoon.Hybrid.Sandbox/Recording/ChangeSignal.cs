namespace Kameleoon.Hybrid.Sandbox;

/// <summary>Notifies any number of waiting readers of a change, without waiting for them.</summary>
internal sealed class ChangeSignal
{
    private TaskCompletionSource _next = Create();

    /// <summary>Completes at the next change. Take it before reading what may change, to miss nothing.</summary>
    internal Task Next => Volatile.Read(ref _next).Task;

    internal void Raise() => Interlocked.Exchange(ref _next, Create()).TrySetResult();

    private static TaskCompletionSource Create() => new(TaskCreationOptions.RunContinuationsAsynchronously);
}
