using System.Globalization;
using System.Net;
using Microsoft.Extensions.Logging;
using Polly.CircuitBreaker;
using Polly.Timeout;

namespace Kameleoon.Hybrid;

/// <summary>Sends a batch and says what became of it. Nothing is thrown.</summary>
internal sealed class TrackingPost(
    TrackingClient client,
    TimeProvider clock,
    KameleoonMetrics metrics,
    KameleoonActivities activities,
    ILogger<TrackingPost> logger)
{
    internal async Task<PostOutcome> SendAsync(TrackingBatch batch, CancellationToken cancellationToken)
    {
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
            return OutcomeOf(await client.SendAsync(batch, cancellationToken));
        }
#pragma warning disable CA1031 // Whatever it is: an exception that got out of here would stop the application.
        catch (Exception e)
#pragma warning restore CA1031
        {
            var mayPass = e is HttpRequestException or IOException or InvalidDataException or BrokenCircuitException
                or TimeoutRejectedException or OperationCanceledException;
            return new PostOutcome(mayPass ? PostResult.Failed : PostResult.Refused, ErrorType.Of(e), ErrorText.Of(e))
            {
                Reason = "error",
                Exception = mayPass ? null : e,
            };
        }
    }

    private static PostOutcome OutcomeOf(TrackingAnswer answer)
    {
        var status = ((int)answer.Status).ToString(CultureInfo.InvariantCulture);
        var result = answer.Status switch
        {
            >= HttpStatusCode.OK and < HttpStatusCode.MultipleChoices => PostResult.Accepted,
            HttpStatusCode.Forbidden => PostResult.Unwanted,
            HttpStatusCode.RequestEntityTooLarge => PostResult.TooLarge,
            HttpStatusCode.RequestTimeout or HttpStatusCode.TooManyRequests => PostResult.Failed,
            HttpStatusCode.Unauthorized when answer.LacksToken => PostResult.Failed,
            >= HttpStatusCode.InternalServerError => PostResult.Failed,
            _ => PostResult.Refused,
        };
        return new PostOutcome(result, result == PostResult.Accepted ? null : status, $"The data API answered {status}.")
        {
            Reason = "answer " + status,
            RetryAfter = answer.RetryAfter,
        };
    }
}

/// <summary>What became of a batch.</summary>
/// <param name="Result">Whether it is settled.</param>
/// <param name="ErrorType">The name of the failure, or null.</param>
/// <param name="Problem">The failure in a sentence.</param>
internal sealed record PostOutcome(PostResult Result, string? ErrorType, string Problem)
{
    /// <summary>How the loss is counted, should it be one.</summary>
    internal required string Reason { get; init; }

    internal TimeSpan? RetryAfter { get; init; }

    internal Exception? Exception { get; init; }
}

/// <summary>Whether a batch is settled.</summary>
internal enum PostResult
{
    Accepted,

    /// <summary>Sent again it would be refused again.</summary>
    Refused,

    /// <summary>The platform wants none of it, such as a robot's; it counts as reported, as with the official SDKs.</summary>
    Unwanted,

    /// <summary>In parts it may be accepted.</summary>
    TooLarge,

    /// <summary>Later it may be accepted.</summary>
    Failed,
}
