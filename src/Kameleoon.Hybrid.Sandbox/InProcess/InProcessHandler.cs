using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace Kameleoon.Hybrid.Sandbox;

/// <summary>The platform as an HTTP handler: requests reach the sandbox's routes without leaving the process.</summary>
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
#pragma warning disable CA1031 // As a web server: whatever a request throws is its own end, and nobody else's.
        catch (Exception e)
#pragma warning restore CA1031
        {
            logger.InProcessRequestFailed(e, context.Request.Method, context.Request.Path);
            await exchange.FailAsync(e);
        }
    }
}
