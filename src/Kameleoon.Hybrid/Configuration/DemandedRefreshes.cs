namespace Kameleoon.Hybrid;

/// <summary>Runs refreshes that the application asks for. Concurrent callers share one. Safe for concurrent use.</summary>
/// <param name="refresh">Refreshes once, and returns whether that succeeded.</param>
internal sealed class DemandedRefreshes(Func<CancellationToken, Task<bool>> refresh) : IDisposable
{
#pragma warning disable CA2213 // Neither has a handle to release, and a refresh that ends now still uses both.
    private readonly SemaphoreSlim _gate = new(1, 1);
    private readonly CancellationTokenSource _disposed = new();
#pragma warning restore CA2213
    private readonly Lock _lock = new();
    private Task<bool>? _latest;
    private bool _hasBegun;

    /// <summary>Waits for a refresh that begins after the call.</summary>
    internal Task<bool> StartAsync(CancellationToken cancellationToken)
    {
        cancellationToken.ThrowIfCancellationRequested();
        lock (_lock)
        {
            return (_latest is { IsCompleted: false } waiting && !_hasBegun ? waiting : Begin())
                .WaitAsync(cancellationToken);
        }
    }

    /// <summary>Waits for the refresh that runs now, or for a new one.</summary>
    internal Task<bool> JoinAsync(CancellationToken cancellationToken)
    {
        cancellationToken.ThrowIfCancellationRequested();
        lock (_lock)
        {
            return (_latest is { IsCompleted: false } running ? running : Begin()).WaitAsync(cancellationToken);
        }
    }

    /// <summary>Runs an action while no refresh runs.</summary>
    internal async Task<T> AloneAsync<T>(Func<CancellationToken, Task<T>> action, CancellationToken cancellationToken)
    {
        await _gate.WaitAsync(cancellationToken);
        try
        {
            return await action(cancellationToken);
        }
        finally
        {
            _gate.Release();
        }
    }

    public void Dispose() => _disposed.Cancel();

    // Not on the caller's thread: a source may do work before its first await. A caller that gives up ends its own wait only.
    private Task<bool> Begin()
    {
        _hasBegun = false;
        return _latest = Task.Run(() => AloneAsync(RunAsync, _disposed.Token), _disposed.Token);
    }

    private Task<bool> RunAsync(CancellationToken cancellationToken)
    {
        lock (_lock)
        {
            _hasBegun = true;
        }

        return refresh(cancellationToken);
    }
}
