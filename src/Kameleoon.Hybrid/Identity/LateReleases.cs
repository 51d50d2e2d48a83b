using System.Collections.Concurrent;

namespace Kameleoon.Hybrid;

/// <summary>Releases idempotency keys again whose release failed, one at a time, until their claims expire.</summary>
/// <remarks>Above a limit, further keys are left to expire. Safe for concurrent use.</remarks>
internal sealed class LateReleases : IDisposable
{
    private const int Capacity = 1000;

    private static readonly TimeSpan FirstPause = TimeSpan.FromMilliseconds(100);
    private static readonly TimeSpan LongestPause = TimeSpan.FromSeconds(1);

    private readonly ConcurrentQueue<ClaimedKey> _keys = new();
    private readonly CancellationTokenSource _disposing = new();
    private readonly CancellationToken _disposed;
    private readonly Func<IdempotencyKey, Task<bool>> _release;
    private readonly TimeSpan _lease;
    private readonly TimeProvider _clock;
    private bool _isRunning;

    /// <param name="release">Releases a key, and returns whether the store did so.</param>
    /// <param name="lease">How long a claim lasts.</param>
    /// <param name="clock">The clock of pauses and claims.</param>
    internal LateReleases(Func<IdempotencyKey, Task<bool>> release, TimeSpan lease, TimeProvider clock)
    {
        (_release, _lease, _clock) = (release, lease, clock);
        _disposed = _disposing.Token;
    }

    /// <summary>Adds a key whose release failed.</summary>
    internal void Add(ClaimedKey claimed)
    {
        if (_keys.Count < Capacity)
        {
            _keys.Enqueue(claimed);
            Start();
        }
    }

    public void Dispose()
    {
        _disposing.Cancel();
        _disposing.Dispose();
    }

    private void Start()
    {
        if (!Interlocked.Exchange(ref _isRunning, true))
        {
            _ = Task.Run(RunAsync, _disposed);
        }
    }

    private async Task RunAsync()
    {
        try
        {
            await ReleaseAllAsync();
        }
        catch (OperationCanceledException)
        {
            // The application stops.
            return;
        }

        Volatile.Write(ref _isRunning, false);
        if (!_keys.IsEmpty)
        {
            // Added after the loop ended.
            Start();
        }
    }

    private async Task ReleaseAllAsync()
    {
        var backoff = new Backoff(FirstPause, LongestPause, jitter: 0.5, Random.Shared);
        while (!_keys.IsEmpty)
        {
            await Task.Delay(backoff.Next(), _clock, _disposed);
            while (_keys.TryPeek(out var oldest)
                && (_clock.GetElapsedTime(oldest.Since) > _lease || await _release(oldest.Key)))
            {
                _keys.TryDequeue(out _);
                backoff.Reset();
            }
        }
    }
}
