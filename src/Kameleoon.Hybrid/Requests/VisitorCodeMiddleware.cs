using Microsoft.AspNetCore.Diagnostics;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Options;

namespace Kameleoon.Hybrid;

/// <summary>Gives each request its visitor, and the browser its cookie at the last moment headers can change.</summary>
internal sealed class VisitorCodeMiddleware(
    RequestDelegate next,
    VisitorCodeResolver resolver,
    RequestVisitorServices visitors,
    SharedSessions sessions,
    SessionMerge merge,
    SeenEndpoint seen,
    IOptions<KameleoonOptions> options)
{
    private readonly PathString _seenPath = options.Value.SeenPath;
    private readonly bool _cleansAddress = options.Value.QueryParameterRedirect;
    private readonly bool _refusesPrefetch = options.Value.Prefetch == PrefetchPolicy.Refuse;

    public Task InvokeAsync(HttpContext context)
    {
        if (context.Request.Path.Equals(_seenPath, StringComparison.Ordinal))
        {
            return seen.AnswerAsync(context);
        }

        if (_refusesPrefetch && Audience.IsPrefetchedPage(context.Request))
        {
            context.Response.StatusCode = StatusCodes.Status503ServiceUnavailable;
            context.Response.Headers.CacheControl = "no-store";
            return Task.CompletedTask;
        }

        if (context.Features.Get<RequestVisitor>() is { } known)
        {
            // An error page runs the pipeline again: the same visitor, but not what the failed page decided.
            if (context.Features.Get<IExceptionHandlerFeature>() is not null
                || context.Features.Get<IStatusCodeReExecuteFeature>() is not null)
            {
                known.StartOver();
            }

            return next(context);
        }

        var resolving = resolver.ResolveAsync(context);
        return resolving.IsCompletedSuccessfully
            ? LoadAsync(context, resolving.Result)
            : LoadAsync(context, resolving);
    }

    private async Task LoadAsync(HttpContext context, ValueTask<ResolvedVisitorCode> resolving) =>
        await LoadAsync(context, await resolving);

    // Another code than the browser's, of a user who is signed in, is another visitor.
    private Task LoadAsync(HttpContext context, ResolvedVisitorCode resolved)
    {
        if (resolved.Source != VisitorCodeSource.Linked)
        {
            return ContinueAsync(context, resolved);
        }

        var loading = resolved.Former is { } former
            ? merge.CarryAsync(former, resolved.Code)
            : sessions.LoadAsync(context, resolved);
        return loading.IsCompletedSuccessfully
            ? ContinueAsync(context, resolved)
            : ContinueAsync(context, resolved, loading);
    }

    private async Task ContinueAsync(HttpContext context, ResolvedVisitorCode resolved, ValueTask loading)
    {
        await loading;
        await ContinueAsync(context, resolved);
    }

    private Task ContinueAsync(HttpContext context, ResolvedVisitorCode resolved)
    {
        var visitor = visitors.Create(context, resolved);
        context.Features.Set(visitor);
        visitor.KeepCookieIfDue(context);
        return _cleansAddress && HasLeft(context, visitor) ? Task.CompletedTask : next(context);
    }

    // Without a cookie that carries it, the code would be lost with its address.
    private bool HasLeft(HttpContext context, RequestVisitor visitor)
    {
        if (visitor.Source != VisitorCodeSource.QueryParameter
            || !HttpMethods.IsGet(context.Request.Method)
            || !visitors.MayWriteCookie(visitor)
            || CleanAddress.Of(context.Request) is not { } address)
        {
            return false;
        }

        visitor.Privacy.BecomePersonal();
        context.Response.Redirect(address);
        return true;
    }
}
