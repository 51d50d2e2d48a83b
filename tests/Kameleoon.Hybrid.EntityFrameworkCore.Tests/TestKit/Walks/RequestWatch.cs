using System.Threading.Channels;
using Microsoft.AspNetCore.Hosting;

namespace Kameleoon.Hybrid.EntityFrameworkCore.Tests;

/// <summary>Tells when a server is done with a request, which its caller does not see, and which visitor the request had. Shows an
/// error page for requests that fail.</summary>
internal sealed class RequestWatch : IStartupFilter
{
    private readonly Channel<string> _completed = Channel.CreateUnbounded<string>();

    /// <summary>Waits for the next request, and returns its visitor code.</summary>
    internal async Task<string> NextAsync()
    {
        using var deadline = new CancellationTokenSource(HangGuard.Timeout);
        return await _completed.Reader.ReadAsync(deadline.Token);
    }

    public Action<IApplicationBuilder> Configure(Action<IApplicationBuilder> next) => app =>
    {
        app.Use((context, rest) =>
        {
            // The first callback is called last.
            context.Response.OnCompleted(() =>
            {
                _completed.Writer.TryWrite(context.Features.Get<RequestVisitor>()?.Code ?? "");
                return Task.CompletedTask;
            });
            return rest(context);
        });
        app.UseExceptionHandler(WalkShop.Path + "page");
        next(app);
    };
}
