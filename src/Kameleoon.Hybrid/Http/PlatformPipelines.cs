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
/// <remarks>They outlive the HTTP handlers, which the framework replaces every few minutes: a breaker has to remember.
/// Every request of ours may be repeated: reads by nature, events because each carries a nonce.</remarks>
internal sealed class PlatformPipelines(
    IOptions<KameleoonOptions> options,
    TimeProvider clock,
    KameleoonMetrics metrics,
    ILogger<PlatformPipelines> logger)
{
    /// <summary>Set on a request that is not repeated, because the caller plans the next one himself.</summary>
    internal static readonly HttpRequestOptionsKey<bool> IsOnlyAttempt = new("Kameleoon.IsOnlyAttempt");

    /// <summary>Set on a request that carries events, to count those that are sent again.</summary>
    internal static readonly HttpRequestOptionsKey<int> EventCount = new("Kameleoon.EventCount");

    /// <summary>Where the pipeline finds the request.</summary>
    internal static readonly ResiliencePropertyKey<HttpRequestMessage> Request = new("Kameleoon.Request");

    private readonly ConcurrentDictionary<string, ResiliencePipeline<HttpResponseMessage>> _pipelines =
        new(StringComparer.Ordinal);

    /// <summary>The pipeline of a client, the same one each time.</summary>
    internal ResiliencePipeline<HttpResponseMessage> Of(string client) => _pipelines.GetOrAdd(client, Build);

    /// <summary>How long a request may take with all its attempts.</summary>
    internal static TimeSpan TotalTimeoutOf(string client, KameleoonOptions options)
    {
        var settings = PlatformClients.ResilienceOf(client, options);
        var attempt = settings.AttemptTimeout ?? options.RequestTimeout;
        return settings.TotalTimeout ?? (attempt + (4 * settings.RetryDelay)) * (settings.Retries + 1);
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
                // An open breaker let nothing out that could be sent again.
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

    // An open breaker is waited for like a platform that is away: giving up at once would lose events.
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
