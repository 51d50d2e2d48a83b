using System.Globalization;
using System.Net;
using Microsoft.Extensions.Logging;
using Polly.CircuitBreaker;
using Polly.Timeout;

namespace Kameleoon.Hybrid;

/// <summary>Posts a batch, and returns the result instead of throwing.</summary>
internal sealed class TrackingPost(
    TrackingClient client,
    TimeProvider clock,
    KameleoonMetrics metrics,
    KameleoonActivities activities,
    ILogger<TrackingPost> logger)
{
    /// <summary>Posts a batch with the retries of the HTTP client.</summary>
    /// <param name="batch">The batch.</param>
    /// <param name="retriedCount">How many of its events were posted before, for the metric.</param>
    /// <param name="cancellationToken">Cancels the request; the result is then <see cref="PostResult.Failed"/>.</param>
    internal async Task<PostOutcome> SendAsync(TrackingBatch batch, int retriedCount, CancellationToken cancellationToken)
    {
        if (retriedCount > 0)
        {
            metrics.EventsRetried(retriedCount);
        }

        using var activity = activities.Send(batch.SiteCode, batch.EventCount);
        var start = clock.GetTimestamp();
        var outcome = await TrySendAsync(batch, cancellationToken);
        metrics.BatchSent(batch.EventCount, clock.GetElapsedTime(start), outcome.ErrorType);
        if (outcome is { Result: PostResult.Accepted })
        {
            metrics.EventsSent(batch.EventCount);
            logger.EventsSent(batch.EventCount);
        }
        else
        {
            KameleoonActivities.Failed(activity, outcome.ErrorType!, outcome.Problem);
        }

        return outcome;
    }

    private async Task<PostOutcome> TrySendAsync(TrackingBatch batch, CancellationToken cancellationToken)
    {
        try
        {
            return OutcomeOf(await client.SendAsync(batch, cancellationToken), batch);
        }
#pragma warning disable CA1031 // An unhandled exception in a background service would stop the application.
        catch (Exception e)
#pragma warning restore CA1031
        {
            var isExpected = e is HttpRequestException or IOException or InvalidDataException or BrokenCircuitException
                or TimeoutRejectedException or OperationCanceledException;
            return new PostOutcome(PostResult.Failed, ErrorType.Of(e), ErrorText.Of(e)) { Exception = isExpected ? null : e };
        }
    }

    // Statuses that the platform does not define come from something between, a proxy for instance, and end with it.
    private static PostOutcome OutcomeOf(TrackingResponse response, TrackingBatch batch)
    {
        var status = ((int)response.Status).ToString(CultureInfo.InvariantCulture);
        var result = response.Status switch
        {
            >= HttpStatusCode.OK and < HttpStatusCode.MultipleChoices => PostResult.Accepted,
            HttpStatusCode.Forbidden => PostResult.Discarded,
            HttpStatusCode.RequestEntityTooLarge => batch.EventCount > 1 ? PostResult.MustSplit : PostResult.Refused,
            HttpStatusCode.BadRequest => batch.EventCount > 1 ? PostResult.MustSplit : PostResult.RejectedAlone,
            _ => PostResult.Failed,
        };
        return new PostOutcome(result, result == PostResult.Accepted ? null : status, $"The data API answered {status}.")
        {
            RetryAfter = response.RetryAfter,
        };
    }
}

/// <summary>The result of a post.</summary>
/// <param name="Result">What the caller does with the batch.</param>
/// <param name="ErrorType">The value of <c>error.type</c>, or null after a success.</param>
/// <param name="Problem">The failure in a sentence.</param>
internal sealed record PostOutcome(PostResult Result, string? ErrorType, string Problem)
{
    /// <summary>The tag <c>reason</c> of the metric, if the batch is dropped.</summary>
    internal string Reason => "answer " + ErrorType;

    internal TimeSpan? RetryAfter { get; init; }

    /// <summary>An exception that is no usual failure of a connection: of a handler of the application, for example.</summary>
    internal Exception? Exception { get; init; }
}

/// <summary>What the caller does with a batch that was posted.</summary>
internal enum PostResult
{
    /// <summary>Remove it: the platform has it.</summary>
    Accepted,

    /// <summary>Drop it: the platform would reject it again.</summary>
    Refused,

    /// <summary>Drop it without reporting its events again: the platform ignores it, for example as a bot's. The official SDKs
    /// do the same.</summary>
    Discarded,

    /// <summary>Split it: the platform may accept smaller parts, or all but one.</summary>
    MustSplit,

    /// <summary>Keep it, but not for long: it is one event, and either this one is rejected or all are at present.</summary>
    RejectedAlone,

    /// <summary>Keep it: the platform may accept it later.</summary>
    Failed,
}
