using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Options;

namespace Kameleoon.Hybrid;

/// <summary>Adds the visitor to each request, and updates the visitor's cookie just before the headers are sent.</summary>
internal sealed class VisitorCodeMiddleware(
    RequestDelegate next,
    VisitorCodeResolver resolver,
    RequestVisitorFactory visitors,
    CookiePolicy cookies,
    SharedSessions sessions,
    SessionMerge merge,
    SeenEndpoint seen,
    IOptions<KameleoonOptions> options)
{
    private readonly PathString _seenPath = options.Value.SeenPath;
    private readonly bool _cleansAddress = options.Value.QueryParameterRedirect;
    private readonly bool _refusesPrefetch = options.Value.Prefetch == PrefetchPolicy.Refuse;
    private readonly string[] _prefetchHeaders = [.. options.Value.PrefetchHeaders];

    public Task InvokeAsync(HttpContext context)
    {
        if (context.Request.Path.Equals(_seenPath, StringComparison.Ordinal))
        {
            return seen.AnswerAsync(context);
        }

        FetchedAhead.Mark(context, _prefetchHeaders);
        if (_refusesPrefetch && RequestIntent.IsPrefetchedPage(context.Request))
        {
            context.Response.StatusCode = StatusCodes.Status503ServiceUnavailable;
            context.Response.Headers.CacheControl = "no-store";
            return Task.CompletedTask;
        }

        if (context.Features.Find<RequestVisitor>() is { } known)
        {
            // An error page runs the pipeline again. The visitor stays.
            known.NoticeErrorPage();
            return RunAsync(context, known);
        }

        var resolving = resolver.ResolveAsync(context);
        return resolving.IsCompletedSuccessfully
            ? LoadAsync(context, resolving.Result)
            : LoadAsync(context, resolving);
    }

    private async Task LoadAsync(HttpContext context, ValueTask<ResolvedVisitorCode> resolving) =>
        await LoadAsync(context, await resolving);

    // A signed-in user may have another code than the browser. What is known of that code has to be loaded, too.
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
        visitor.UpdateCookieIfDue(context);
        var loading = visitor.LoadLeftPageAsync(context.Request);
        return loading.IsCompletedSuccessfully
            ? ContinueAsync(context, visitor)
            : ContinueAsync(context, visitor, loading);
    }

    private async Task ContinueAsync(HttpContext context, RequestVisitor visitor, ValueTask loading)
    {
        await loading;
        await ContinueAsync(context, visitor);
    }

    private Task ContinueAsync(HttpContext context, RequestVisitor visitor)
    {
        visitor.AwaitCarried(context.Request);

        // Last: the framework looks up its own features of the request again once one was added.
        context.Features[typeof(RequestVisitor)] = visitor;
        return _cleansAddress && TryRedirect(context, visitor) ? Task.CompletedTask : RunAsync(context, visitor);
    }

    // Not every server runs the callbacks of a response after an exception.
    private Task RunAsync(HttpContext context, RequestVisitor visitor)
    {
        Task running;
        try
        {
            running = next(context);
        }
        catch (Exception e)
        {
            visitor.NoticeException(e);
            throw;
        }

        if (!running.IsCompletedSuccessfully)
        {
            return WatchAsync(running, visitor);
        }

        visitor.NoticeEnd();
        return running;
    }

    private static async Task WatchAsync(Task running, RequestVisitor visitor)
    {
        try
        {
            await running;
        }
        catch (Exception e)
        {
            visitor.NoticeException(e);
            throw;
        }

        visitor.NoticeEnd();
    }

    // Redirects to the address without the visitor code, if the cookie can carry the code from then on.
    private bool TryRedirect(HttpContext context, RequestVisitor visitor)
    {
        if (visitor.Source != VisitorCodeSource.QueryParameter
            || !HttpMethods.IsGet(context.Request.Method)
            || !cookies.MayWrite(visitor, cookies.DataFile)
            || CleanAddress.Of(context.Request) is not { } address)
        {
            return false;
        }

        visitor.Privacy.BecomePersonal();
        context.Response.Redirect(address);
        return true;
    }
}
