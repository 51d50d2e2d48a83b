using Microsoft.AspNetCore.OutputCaching;
using Microsoft.Extensions.Logging;

namespace Kameleoon.Hybrid;

/// <summary>Lets pages wait for an output cache's store only so long, and skips the store for two seconds after it failed.</summary>
/// <remarks>A client of Redis waits for five seconds by itself, at each page. Safe for concurrent use.</remarks>
/// <param name="inner">The application's store.</param>
/// <param name="timeout">The longest wait of a page.</param>
/// <param name="clock">The clock of waits and pauses.</param>
/// <param name="logger">The log.</param>
internal sealed class BoundedOutputCacheStore(
    IOutputCacheStore inner, TimeSpan timeout, TimeProvider clock, ILogger<BoundedOutputCacheStore> logger) : IOutputCacheStore
{
    private static readonly TimeSpan Pause = TimeSpan.FromSeconds(2);

    // No time of a failure.
    private const long Available = 0;

    private long _failedAt = Available;

    public async ValueTask<byte[]?> GetAsync(string key, CancellationToken cancellationToken) =>
        await CallAsync(() => inner.GetAsync(key, cancellationToken).AsTask(), cancellationToken);

    public async ValueTask SetAsync(
        string key, byte[] value, string[]? tags, TimeSpan validFor, CancellationToken cancellationToken) => await CallAsync(
            async () =>
            {
                await inner.SetAsync(key, value, tags, validFor, cancellationToken);
                return true;
            },
            cancellationToken);

    // The application waits for it, and has to hear that copies were not removed.
    public ValueTask EvictByTagAsync(string tag, CancellationToken cancellationToken) =>
        inner.EvictByTagAsync(tag, cancellationToken);

    private async Task<T?> CallAsync<T>(Func<Task<T?>> call, CancellationToken cancellation)
    {
        var failedAt = Volatile.Read(ref _failedAt);
        if (failedAt != Available && !TryProbe(failedAt))
        {
            return default;
        }

        try
        {
            // On another thread, because clients block while they connect. What takes too long is abandoned.
            var answer = await Task.Run(call, cancellation).WaitAsync(timeout, clock, cancellation);
            if (Volatile.Read(ref _failedAt) != Available && Interlocked.Exchange(ref _failedAt, Available) != Available)
            {
                logger.OutputCacheStoreRecovered();
            }

            return answer;
        }
#pragma warning disable CA1031 // A store may throw anything, and the page is made without it.
        catch (Exception e) when (!cancellation.IsCancellationRequested)
#pragma warning restore CA1031
        {
            if (Interlocked.Exchange(ref _failedAt, Now) == Available)
            {
                logger.OutputCacheStoreUnavailable(ErrorText.Of(e));
            }

            return default;
        }
    }

    private long Now => Math.Max(clock.GetTimestamp(), Available + 1);

    // One page after each pause tries again; the others do not wait for it.
    private bool TryProbe(long failedAt) =>
        clock.GetElapsedTime(failedAt) >= Pause && Interlocked.CompareExchange(ref _failedAt, Now, failedAt) == failedAt;
}
