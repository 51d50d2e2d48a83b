using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace Kameleoon.Hybrid.Sandbox;

/// <summary>Sends HTTP requests to the sandbox's routes in the same process, without the network.</summary>
internal sealed class InProcessHandler(
    InProcessPipeline pipeline,
    IServiceScopeFactory scopes,
    ILogger<InProcessHandler> logger) : HttpMessageHandler
{
    protected override async Task<HttpResponseMessage> SendAsync(
        HttpRequestMessage request, CancellationToken cancellationToken)
    {
        cancellationToken.ThrowIfCancellationRequested();
        var body = request.Content is { } content ? await content.ReadAsStreamAsync(cancellationToken) : Stream.Null;
        var exchange = new InProcessExchange(request, body);

        // Until the headers are there the caller's token ends the request; afterwards the body's reader does.
        await using var registration = cancellationToken.UnsafeRegister(
            static (state, token) => ((InProcessExchange)state!).Cancel(token), exchange);
        _ = RunAsync(exchange);
        return await exchange.Response;
    }

    private async Task RunAsync(InProcessExchange exchange)
    {
        var context = exchange.Context;
        try
        {
            await using var scope = scopes.CreateAsyncScope();
            context.RequestServices = scope.ServiceProvider;
            await pipeline.RunAsync(context);
            await exchange.CompleteAsync();
        }
        catch (OperationCanceledException) when (context.RequestAborted.IsCancellationRequested)
        {
            await exchange.FailAsync(new IOException("The request was aborted."));
        }
#pragma warning disable CA1031 // Like a web server: an exception ends only the request that threw it.
        catch (Exception e)
#pragma warning restore CA1031
        {
            logger.InProcessRequestFailed(e, context.Request.Method, context.Request.Path);
            await exchange.FailAsync(e);
        }
    }
}
