using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;

namespace Kameleoon.Hybrid;

/// <summary>Posts one batch at a time, and pauses after failures. Safe for concurrent use.</summary>
#pragma warning disable CA1001 // The semaphore has no handle to release, and the last round may run beside the disposal of a host.
internal sealed class PacedPost(
    TrackingPost post, IOptions<KameleoonOptions> options, TimeProvider clock, ILogger<PacedPost> logger)
#pragma warning restore CA1001
{
    // Pauses double up to a minute, so these take about seven minutes.
    private const int MaxRejections = 10;

    private readonly SemaphoreSlim _turn = new(1);
    private (Guid Batch, int Count) _rejections;
    private string? _problem;

    /// <summary>The pause after a failure, in which nothing is sent.</summary>
    internal TrackingPause Pause { get; } = new(options, clock);

    /// <summary>Why the platform does not accept events, or null while it does.</summary>
    internal string? Problem => Volatile.Read(ref _problem);

    /// <summary>Posts a batch when no other batch is being posted.</summary>
    /// <param name="batch">The batch.</param>
    /// <param name="cancellationToken">Cancels the request; the result is then <see cref="PostResult.Failed"/>.</param>
    /// <returns>The outcome, never <see cref="PostResult.RejectedAlone"/>, or null when nothing was posted, because a pause goes on or the
    /// call was cancelled.</returns>
    internal async Task<PostOutcome?> SendAsync(PendingBatch batch, CancellationToken cancellationToken)
    {
        var turn = _turn.WaitAsync(cancellationToken);
        await turn.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        if (!turn.IsCompletedSuccessfully)
        {
            return null;
        }

        try
        {
            return Pause.IsOver ? await PostAsync(batch, cancellationToken) : null;
        }
        finally
        {
            _turn.Release();
        }
    }

    private async Task<PostOutcome> PostAsync(PendingBatch batch, CancellationToken cancellationToken)
    {
        var outcome = Judge(await post.SendAsync(batch.Batch, batch.RetriedCount, cancellationToken), batch.Batch.Id);
        batch.RetriedCount = batch.EventCount;
        if (outcome.Result == PostResult.Failed)
        {
            Pause.Start(outcome.RetryAfter);
            if (Interlocked.Exchange(ref _problem, outcome.Problem) is null)
            {
                logger.EventsDelayed(outcome.Exception, outcome.Problem);
            }
        }
        else if (outcome.Result != PostResult.MustSplit)
        {
            Pause.End();
            if (Interlocked.Exchange(ref _problem, null) is not null)
            {
                logger.EventsRecovered();
            }
        }

        return outcome;
    }

    // A single event that is rejected again and again would hold up all later ones until it expires.
    private PostOutcome Judge(PostOutcome outcome, Guid batch)
    {
        if (outcome.Result != PostResult.RejectedAlone)
        {
            return outcome;
        }

        _rejections = (batch, _rejections.Batch == batch ? _rejections.Count + 1 : 1);
        return outcome with { Result = _rejections.Count < MaxRejections ? PostResult.Failed : PostResult.Refused };
    }
}
