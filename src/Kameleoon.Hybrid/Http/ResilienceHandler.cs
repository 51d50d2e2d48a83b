using Polly;

namespace Kameleoon.Hybrid;

/// <summary>Sends requests through the resilience pipeline of their endpoint, and counts failed attempts.</summary>
internal sealed class ResilienceHandler(
    string client,
    ResiliencePipeline<HttpResponseMessage> pipeline,
    KameleoonMetrics metrics) : DelegatingHandler
{
    /// <summary>The largest accepted response. A larger one is an error, and could exhaust the memory.</summary>
    internal const int MaxAnswerBytes = 32 * 1024 * 1024;

    protected override async Task<HttpResponseMessage> SendAsync(
        HttpRequestMessage request,
        CancellationToken cancellationToken)
    {
        var context = ResilienceContextPool.Shared.Get(cancellationToken);
        try
        {
            context.Properties.Set(PlatformPipelines.Request, request);
            return await pipeline.ExecuteAsync(
                static async (context, handler) => await handler.SendOnceAsync(
                    context.Properties.GetValue(PlatformPipelines.Request, null!), context.CancellationToken),
                context,
                this);
        }
        finally
        {
            ResilienceContextPool.Shared.Return(context);
        }
    }

    private async Task<HttpResponseMessage> SendOnceAsync(HttpRequestMessage request, CancellationToken cancellationToken)
    {
        HttpResponseMessage? response = null;
        try
        {
            response = await base.SendAsync(request, cancellationToken);

            // The attempt includes the body, so that its timeout also covers a server that stalls in the middle of a
            // response.
            await response.Content.LoadIntoBufferAsync(MaxAnswerBytes, cancellationToken);
            if (ErrorType.Of(response.StatusCode) is { } status)
            {
                metrics.AttemptFailed(client, status);
            }

            return response;
        }
        catch (Exception e)
        {
            response?.Dispose();
            if (e is not OperationCanceledException)
            {
                metrics.AttemptFailed(client, ErrorType.Of(e));
            }

            throw;
        }
    }
}
