using System.Collections.Concurrent;
using System.Net;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using Polly;
using Polly.CircuitBreaker;
using Polly.Retry;
using Polly.Timeout;

namespace Kameleoon.Hybrid;

/// <summary>The resilience pipeline of each endpoint: total deadline, retries, circuit breaker, deadline per attempt.
/// </summary>
/// <remarks>The pipelines outlive the HTTP handlers, which the framework replaces every few minutes, so that circuit
/// breakers keep their state. Every request can be retried safely: reads change nothing, and each event has a
/// nonce.</remarks>
internal sealed class PlatformPipelines(
    IOptions<KameleoonOptions> options,
    TimeProvider clock,
    KameleoonMetrics metrics,
    ILogger<PlatformPipelines> logger)
{
    /// <summary>Set on a request that is not retried, because the caller schedules the next one.</summary>
    internal static readonly HttpRequestOptionsKey<bool> IsOnlyAttempt = new("Kameleoon.IsOnlyAttempt");

    /// <summary>Set on a request with events, to count the events that are sent again.</summary>
    internal static readonly HttpRequestOptionsKey<int> EventCount = new("Kameleoon.EventCount");

    /// <summary>The key under which the pipeline finds the request.</summary>
    internal static readonly ResiliencePropertyKey<HttpRequestMessage> Request = new("Kameleoon.Request");

    private static readonly TimeSpan MaxTotalTimeout = TimeSpan.FromMinutes(10);

    private readonly ConcurrentDictionary<string, ResiliencePipeline<HttpResponseMessage>> _pipelines =
        new(StringComparer.Ordinal);

    /// <summary>Returns the pipeline of a client. Each client has one.</summary>
    internal ResiliencePipeline<HttpResponseMessage> Of(string client) => _pipelines.GetOrAdd(client, Build);

    /// <summary>Returns the timeout of a request with all its attempts.</summary>
    internal static TimeSpan TotalTimeoutOf(string client, KameleoonOptions options)
    {
        var settings = PlatformClients.ResilienceOf(client, options);
        if (settings.TotalTimeout is { } total)
        {
            return total;
        }

        var attempt = settings.AttemptTimeout ?? options.RequestTimeout;
        var attempts = settings.Retries + 1;

        // The pauses double. Where they are short, there is room for a Retry-After.
        var pauses = settings.RetryDelay * Math.Max((1 << settings.Retries) - 1, 4 * attempts);
        var alone = attempt * attempts;
        return alone + pauses < MaxTotalTimeout ? alone + pauses
            : alone < MaxTotalTimeout ? MaxTotalTimeout
            : alone;
    }

    private ResiliencePipeline<HttpResponseMessage> Build(string client)
    {
        var settings = PlatformClients.ResilienceOf(client, options.Value);
        var attempt = settings.AttemptTimeout ?? options.Value.RequestTimeout;
        var builder = new ResiliencePipelineBuilder<HttpResponseMessage> { TimeProvider = clock }
            .AddTimeout(TotalTimeoutOf(client, options.Value));
        if (settings.Retries > 0)
        {
            builder.AddRetry(RetryOf(settings));
        }

        return builder
            .AddCircuitBreaker(new CircuitBreakerStrategyOptions<HttpResponseMessage>
            {
                FailureRatio = settings.BreakRatio,
                MinimumThroughput = settings.BreakAttempts,
                SamplingDuration = settings.BreakWindow,
                BreakDuration = settings.BreakDuration,
                ShouldHandle = static outcome => ValueTask.FromResult(IsFailure(outcome.Outcome)),
                OnOpened = opened =>
                {
                    metrics.CircuitOpened(client);
                    logger.CircuitOpened(client, opened.BreakDuration);
                    return default;
                },
                OnClosed = _ =>
                {
                    logger.CircuitClosed(client);
                    return default;
                },
            })
            .AddTimeout(new TimeoutStrategyOptions
            {
                Timeout = attempt,
                OnTimeout = _ =>
                {
                    metrics.AttemptFailed(client, ErrorType.Timeout);
                    return default;
                },
            })
            .Build();
    }

    private RetryStrategyOptions<HttpResponseMessage> RetryOf(KameleoonEndpointResilienceOptions settings)
    {
        var backoff = new Backoff(settings.RetryDelay, TimeSpan.MaxValue, jitter: 0.5, Random.Shared);
        return new RetryStrategyOptions<HttpResponseMessage>
        {
            MaxRetryAttempts = settings.Retries,
            ShouldHandle = outcome => ValueTask.FromResult(
                IsTransient(outcome.Outcome)
                && !IsAloneIn(outcome.Context)
                && !(RetryAfter.Of(outcome.Outcome.Result, clock) > settings.MaxRetryAfter)),
            DelayGenerator = outcome => ValueTask.FromResult<TimeSpan?>(
                (RetryAfter.Of(outcome.Outcome.Result, clock) ?? TimeSpan.Zero) + backoff.Of(outcome.AttemptNumber)),
            OnRetry = outcome =>
            {
                outcome.Outcome.Result?.Dispose();
                // An open circuit breaker sent nothing, so nothing is sent again.
                if (outcome.Outcome.Exception is not BrokenCircuitException
                    && outcome.Context.Properties.GetValue(Request, null!)?.Options.TryGetValue(EventCount, out var events) == true)
                {
                    metrics.EventsRetried(events);
                }

                return default;
            },
        };
    }

    private static bool IsAloneIn(ResilienceContext context) =>
        context.Properties.TryGetValue(Request, out var request)
        && request.Options.TryGetValue(IsOnlyAttempt, out var isOnly) && isOnly;

    // Events wait for an open circuit breaker as they wait for an unreachable platform. Without the wait they would be
    // lost.
    private static bool IsTransient(Outcome<HttpResponseMessage> outcome) =>
        outcome.Exception is BrokenCircuitException || IsFailure(outcome);

    private static bool IsFailure(Outcome<HttpResponseMessage> outcome) => outcome switch
    {
        { Exception: HttpRequestException or TimeoutRejectedException or IOException or InvalidDataException } => true,
        { Result.StatusCode: HttpStatusCode.RequestTimeout or HttpStatusCode.TooManyRequests } => true,
        { Result.StatusCode: >= HttpStatusCode.InternalServerError } => true,
        _ => false,
    };
}
