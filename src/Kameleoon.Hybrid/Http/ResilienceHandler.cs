using System.Net;
using Polly;
using Polly.Retry;
using Polly.Timeout;

namespace Kameleoon.Hybrid;

/// <summary>Retries what may pass and gives up in time: total deadline, retries with jitter, deadline per attempt.</summary>
/// <remarks>Every request of ours may be repeated: reads by nature, events because each carries a nonce.</remarks>
internal sealed class ResilienceHandler : DelegatingHandler
{
    /// <summary>A larger answer is refused: it would be a mistake, and reading it could exhaust the memory.</summary>
    internal const int MaxAnswerBytes = 32 * 1024 * 1024;

    private const int Retries = 2;

    // Who asks for more is asked again at the next interval, not waited for.
    private static readonly TimeSpan LongestPause = TimeSpan.FromSeconds(30);

    private readonly ResiliencePipeline<HttpResponseMessage> _pipeline;

    internal ResilienceHandler(TimeSpan attemptTimeout, TimeSpan pause, TimeProvider clock)
    {
        _pipeline = new ResiliencePipelineBuilder<HttpResponseMessage> { TimeProvider = clock }
            .AddTimeout((attemptTimeout + (4 * pause)) * (Retries + 1))
            .AddRetry(new RetryStrategyOptions<HttpResponseMessage>
            {
                MaxRetryAttempts = Retries,
                Delay = pause,
                BackoffType = DelayBackoffType.Exponential,
                UseJitter = true,
                ShouldHandle = outcome => ValueTask.FromResult(
                    IsTransient(outcome.Outcome) && !(RetryAfter(outcome.Outcome.Result, clock) > LongestPause)),
                DelayGenerator = outcome => ValueTask.FromResult(RetryAfter(outcome.Outcome.Result, clock)),
                OnRetry = static outcome =>
                {
                    outcome.Outcome.Result?.Dispose();
                    return default;
                },
            })
            .AddTimeout(attemptTimeout)
            .Build();
    }

    protected override Task<HttpResponseMessage> SendAsync(
        HttpRequestMessage request,
        CancellationToken cancellationToken) =>
        _pipeline.ExecuteAsync(
            static async (state, token) => await state.Handler.SendOnceAsync(state.Request, token),
            (Handler: this, Request: request),
            cancellationToken).AsTask();

    private async Task<HttpResponseMessage> SendOnceAsync(HttpRequestMessage request, CancellationToken cancellationToken)
    {
        var response = await base.SendAsync(request, cancellationToken);
        try
        {
            // The body belongs to the attempt: a server that stalls in the middle of it is as dead as any other.
            await response.Content.LoadIntoBufferAsync(MaxAnswerBytes, cancellationToken);
            return response;
        }
        catch
        {
            response.Dispose();
            throw;
        }
    }

    private static bool IsTransient(Outcome<HttpResponseMessage> outcome) => outcome switch
    {
        { Exception: HttpRequestException or TimeoutRejectedException } => true,
        { Result.StatusCode: HttpStatusCode.RequestTimeout or HttpStatusCode.TooManyRequests } => true,
        { Result.StatusCode: >= HttpStatusCode.InternalServerError } => true,
        _ => false,
    };

    private static TimeSpan? RetryAfter(HttpResponseMessage? response, TimeProvider clock) =>
        response?.Headers.RetryAfter switch
        {
            { Delta: { } delta } => delta,
            { Date: { } date } when date > clock.GetUtcNow() => date - clock.GetUtcNow(),
            _ => null,
        };
}
