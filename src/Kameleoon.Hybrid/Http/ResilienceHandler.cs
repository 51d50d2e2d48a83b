using Polly;

namespace Kameleoon.Hybrid;

/// <summary>Sends requests through the pipeline of their endpoint, and counts each attempt that fails.</summary>
internal sealed class ResilienceHandler(
    string client,
    ResiliencePipeline<HttpResponseMessage> pipeline,
    KameleoonMetrics metrics) : DelegatingHandler
{
    /// <summary>A larger answer is refused: it would be a mistake, and reading it could exhaust the memory.</summary>
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

            // The body belongs to the attempt: a server that stalls in the middle of it is as dead as any other.
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
