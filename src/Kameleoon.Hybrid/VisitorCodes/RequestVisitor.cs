using Kameleoon.Hybrid.Decisions;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.OutputCaching;
using Microsoft.Net.Http.Headers;

namespace Kameleoon.Hybrid;

/// <summary>The visitor of one request: ties the client to the response it decides for.</summary>
internal sealed class RequestVisitor(HttpContext context, ResolvedVisitorCode resolved, RequestVisitorServices services)
{
    private KameleoonClient? _client;
    private int _decided;

    internal KameleoonClient Client =>
        Volatile.Read(ref _client)
        ?? Interlocked.CompareExchange(ref _client, services.CreateClient(this), null)
        ?? _client!;

    internal string Code => resolved.Code;

    /// <exception cref="InvalidOperationException">There is no request, or no middleware.</exception>
    internal static RequestVisitor Of(HttpContext? context) => context is null
        ? throw new InvalidOperationException(
            "IKameleoonClient stands for the visitor of an HTTP request, and there is none here. Inject "
            + "IKameleoonClientFactory and call ForVisitor(visitorCode).")
        : context.Features.Get<RequestVisitor>() ?? throw new InvalidOperationException(
            "Call app.UseKameleoonVisitorCode() before the endpoint or middleware that decides flags.");

    internal string? UserAgent => context.Request.Headers.UserAgent is [var agent, ..] ? agent : null;

    /// <summary>Whether browser and server agree on the code: it is in the cookie, or will be.</summary>
    /// <remarks>Without that, what the page reports would stand under a code that exists nowhere else.</remarks>
    internal bool IsShared(DataFile dataFile) => resolved.InCookie || MayWriteCookie(dataFile);

    /// <summary>From the first decision on, the response belongs to one visitor and no cache may share it.</summary>
    internal void Decided()
    {
        if (Interlocked.Exchange(ref _decided, 1) != 0)
        {
            return;
        }

        if (context.Features.Get<IOutputCacheFeature>() is { } cache)
        {
            cache.Context.AllowCacheStorage = false;
        }

        if (context.Response.HasStarted)
        {
            services.Logger.DecidedTooLate(context.Request.Path);
            return;
        }

        MarkPrivate();
        context.Response.OnStarting(
            static state =>
            {
                ((RequestVisitor)state).MarkPrivate();
                return Task.CompletedTask;
            },
            this);
    }

    internal void StartOver() => Volatile.Read(ref _client)?.StartOver();

    /// <summary>Calls back when the response is complete and says whether a person may have seen it.</summary>
    internal void OnCompleted(Action<bool> report) =>
        context.Response.OnCompleted(() =>
        {
            report(Audience.MaySee(context));
            return Task.CompletedTask;
        });

    internal void WriteCookie()
    {
        if (services.Configuration.Current is not { } dataFile || !MayWriteCookie(dataFile) || IsForSharedCaches())
        {
            return;
        }

        if (!resolved.InCookie || services.Cookie.IsDue(context.Request, Code))
        {
            services.Cookie.Write(context, Code);
            if (context.Response.Headers.CacheControl.Count == 0)
            {
                context.Response.Headers.CacheControl = "private";
            }
        }
    }

    // Where consent is required, only a delivery that the site technically needs justifies the cookie before it.
    private bool MayWriteCookie(DataFile dataFile) =>
        (!dataFile.ConsentRequired || dataFile.HasTargetedDelivery) && Audience.CanKeepCookie(context.Request);

    private void MarkPrivate() => context.Response.Headers.CacheControl = "private, no-cache, no-store";

    private bool IsForSharedCaches() =>
        CacheControlHeaderValue.TryParse(context.Response.Headers.CacheControl.ToString(), out var cache)
        && (cache.Public || cache.SharedMaxAge is not null);
}
