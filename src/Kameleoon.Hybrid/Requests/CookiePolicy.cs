using Kameleoon.Hybrid.Decisions;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Options;

namespace Kameleoon.Hybrid;

/// <summary>Decides whether a response may set the visitor's cookie.</summary>
internal sealed class CookiePolicy(
    ConfigurationStore configuration, VisitorCookie cookie, IOptions<KameleoonOptions> options)
{
    private readonly bool _assumesNotRequired = options.Value.Consent.AssumeNotRequired;
    private readonly bool _onlyOnDecision = options.Value.Cookie.OnlyOnDecision;

    /// <summary>Whether each page passes the code to the engine, even if the cookie has the code.</summary>
    internal bool AlwaysImposesCode { get; } = options.Value.Engine.AlwaysImposeVisitorCode;

    /// <summary>The data file in force, or null before the first one.</summary>
    internal DataFile? DataFile => configuration.DataFile;

    /// <summary>Whether this response may set the cookie: the request opens a page or sends a code, the browser did not
    /// withhold the cookie it may have, consent allows it, and the visitor is no bot.</summary>
    internal bool MayWrite(IRequestVisitor visitor, DataFile? dataFile) =>
        visitor.Request is { Context: { } current } request
        && !request.Resolved.IsCookieWithheld
        && (CanKeepCookie(current.Request) || request.IsAskedByScript || IsKeptByConsent(visitor))
        && IsAllowed(visitor, dataFile)
        && !request.IsBot;

    /// <summary>Whether this response sets the cookie, if it starts as it is now.</summary>
    internal bool WillWrite(IRequestVisitor visitor, DataFile? dataFile) =>
        IsWanted(visitor)
        && MayWrite(visitor, dataFile)
        && visitor.Request.Context is { } current
        && !IsForCaches(visitor, current);

    /// <summary>Whether the settings want the cookie on this response.</summary>
    internal bool IsWanted(IRequestVisitor visitor) => visitor.IsPrivate || !_onlyOnDecision;

    /// <summary>Whether a cache may keep the response for other visitors, so that it has no cookie.</summary>
    internal static bool IsForCaches(IRequestVisitor visitor, HttpContext current) =>
        ResponseCaching.IsShared(current.Response)
        || (visitor.Cell is null && ResponseCaching.IsBeingStored(current));

    /// <summary>Whether a request may set the cookie: it opens a page, or a frame of another site's page in which the browser
    /// sends the cookie back.</summary>
    internal bool CanKeepCookie(HttpRequest request) => RequestIntent.CanKeepCookie(request)
        || (RequestIntent.IsCrossSiteFrame(request) && cookie.CrossesSites(request));

    /// <summary>Whether consent allows the cookie. Where consent is required, only a targeted delivery justifies the cookie
    /// without it, because the site needs it technically.</summary>
    internal bool IsAllowed(IRequestVisitor visitor, DataFile? dataFile) => dataFile is null
        ? _assumesNotRequired
        : !dataFile.ConsentRequired || dataFile.HasTargetedDelivery || visitor.ConsentUnder(dataFile) == Consent.Given;

    // A script that reports the visitor's consent opens no page, but it brings the code that its page has.
    private static bool IsKeptByConsent(IRequestVisitor visitor) =>
        visitor is { HasJustConsented: true, Request.Source: not VisitorCodeSource.Generated };
}
