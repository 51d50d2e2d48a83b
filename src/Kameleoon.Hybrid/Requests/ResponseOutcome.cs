using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;

namespace Kameleoon.Hybrid;

/// <summary>The outcome of a response, as its exposures depend on it.</summary>
internal enum ResponseOutcome
{
    /// <summary>There is no response: a job, or a client that outlives its request.</summary>
    None,

    /// <summary>A page was sent.</summary>
    Page,

    /// <summary>Anything else was sent: JSON, a file.</summary>
    Complete,

    /// <summary>The visitor is sent to another address.</summary>
    Redirect,

    /// <summary>The status is 4xx or 5xx, or the application failed.</summary>
    Error,

    /// <summary>The client closed the connection before the end.</summary>
    Aborted,

    /// <summary>The response is long-lived: a web socket, server-sent events, a stream.</summary>
    Long,

    /// <summary>The page reported that it is shown and that the engine did not run.</summary>
    Seen,

    /// <summary>Only the headers were asked for.</summary>
    Head,

    /// <summary>The page was fetched ahead.</summary>
    Prefetch,
}

/// <summary>Determines the outcome of a response.</summary>
internal static class ResponseOutcomes
{
    /// <summary>Returns the outcome of a response that starts or is complete.</summary>
    /// <param name="context">The request.</param>
    /// <param name="isPrefetch">Whether the page is fetched ahead.</param>
    /// <param name="isDelivered">Whether the caller received the response, even if the connection was closed.</param>
    /// <param name="isAborted">Whether the client closed the connection before the application was done.</param>
    internal static ResponseOutcome Of(HttpContext context, bool isPrefetch, bool isDelivered, bool isAborted)
    {
        var (status, type) = (context.Response.StatusCode, context.Response.ContentType);
        return HttpMethods.IsHead(context.Request.Method) ? ResponseOutcome.Head
            : isPrefetch && !IsRedirect(status) ? ResponseOutcome.Prefetch
            : isDelivered ? ResponseOutcome.Complete
            : IsConnection(context) ? ResponseOutcome.Long
            : isAborted ? ResponseOutcome.Aborted // Kestrel sets 499 if the response has not started.
            : status is >= 400 ? ResponseOutcome.Error
            : IsRedirect(status) ? ResponseOutcome.Redirect
            : IsStream(type) ? ResponseOutcome.Long
            : MayBePage(type) ? ResponseOutcome.Page
            : ResponseOutcome.Complete;
    }

    /// <summary>Whether no tag can follow in a response that starts now, so that its exposures are the server's at once.
    /// </summary>
    internal static bool HasNoPage(HttpContext context) =>
        IsConnection(context)
        || IsRedirect(context.Response.StatusCode)
        || (context.Response.StatusCode is >= 200 and < 300 && !MayBePage(context.Response.ContentType));

    /// <summary>Whether the browser gets what is rendered for a response, as far as is known. It gets nothing of an answer to HEAD
    /// and of a redirect.</summary>
    internal static bool HasBody(HttpContext context) =>
        !HttpMethods.IsHead(context.Request.Method)
        && !IsBodiless(context.Response.StatusCode)
        && context.Response.StatusCode is not (>= 300 and < 400);

    /// <summary>Whether the browser did not get the body, with the tags in it.</summary>
    internal static bool HasLostBody(ResponseOutcome outcome, HttpResponse response) =>
        outcome is ResponseOutcome.Redirect or ResponseOutcome.Aborted
        || IsBodiless(response.StatusCode)
        || (outcome == ResponseOutcome.Error && (response.ContentLength == 0 || !MayBePage(response.ContentType)));

    /// <summary>Whether a status sends the visitor to another address.</summary>
    /// <remarks>The browser shows its own copy of a page that was not modified, with the tags in it.</remarks>
    internal static bool IsRedirect(int status) => status is >= 300 and < 400 and not StatusCodes.Status304NotModified;

    /// <summary>Returns the tag <c>outcome</c> of the metric.</summary>
    internal static string NameOf(ResponseOutcome outcome) => outcome switch
    {
        ResponseOutcome.Page => "page",
        ResponseOutcome.Complete => "complete",
        ResponseOutcome.Redirect => "redirect",
        ResponseOutcome.Error => "error",
        ResponseOutcome.Aborted => "aborted",
        ResponseOutcome.Long => "long",
        ResponseOutcome.Seen => "seen",
        ResponseOutcome.Head => "head",
        ResponseOutcome.Prefetch => "prefetch",
        _ => "none",
    };

    private static bool IsBodiless(int status) => status is StatusCodes.Status204NoContent or StatusCodes.Status205ResetContent;

    // HTTP/1.1 switches protocols. HTTP/2 and HTTP/3 accept an extended CONNECT with 200.
    private static bool IsConnection(HttpContext context) =>
        context.Response.StatusCode == StatusCodes.Status101SwitchingProtocols
        || (HttpMethods.IsConnect(context.Request.Method)
            && context.Response.StatusCode is >= 200 and < 300
            && context.Features.Find<IHttpExtendedConnectFeature>() is { IsExtendedConnect: true });

    private static bool IsStream(string? type) => type is not null
        && (Is(type, "text/event-stream") || Is(type, "application/grpc") || Is(type, "application/x-ndjson")
            || Is(type, "application/json-seq") || Is(type, "application/jsonl") || Is(type, "application/stream+json"));

    // Middleware that writes HTML may leave the type out.
    private static bool MayBePage(string? type) =>
        type is not { Length: > 0 } || Is(type, "text/html") || Is(type, "application/xhtml+xml");

    private static bool Is(string type, string prefix) => type.StartsWith(prefix, StringComparison.OrdinalIgnoreCase);
}
