using Kameleoon.Hybrid.Decisions;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Options;

namespace Kameleoon.Hybrid;

/// <summary>Sets, refreshes or removes the visitor's cookie just before the headers of a response are sent.</summary>
internal sealed class CookieKeeper(
    VisitorCookie cookie, CookiePolicy policy, VisitorCodeWarnings warnings, IOptions<KameleoonOptions> options)
{
    private readonly KameleoonCookieOptions _settings = options.Value.Cookie;
    private readonly bool _removesRefused = options.Value.Consent.RemoveCookie;

    /// <summary>Whether the cookie stays as it is, unless the request changes the visitor's consent.</summary>
    internal bool IsRight(VisitorRequest request) =>
        request.Resolved is { InCookie: true, HasFreshStamp: true }
        && policy.DataFile is { ConsentRequired: false }
        && !MustRemovePair(request);

    /// <summary>Sets the cookie if it is due, or removes it after a refusal.</summary>
    internal void Update(IRequestVisitor visitor)
    {
        if (visitor.Request is { Resolved.IsCookieWithheld: true } withheld)
        {
            ReportWithheld(visitor, withheld);
            return;
        }

        if (visitor.Request is not { Context: { } current, LeavesCookie: false }
            || CookiePolicy.IsForCaches(visitor, current))
        {
            return;
        }

        if (!TryRefuse(visitor, current) && !TryWrite(visitor, current) && !TryRemoveForeign(visitor, current))
        {
            return;
        }

        ResponseCaching.KeepPrivate(current.Response);
    }

    // The browser may have a code, a mark of consent and one of a sign-in. None of them is known here, so all stay.
    private void ReportWithheld(IRequestVisitor visitor, VisitorRequest withheld)
    {
        if (withheld is { Resolved.IsStandIn: true, IsBot: false, Context: { } current } && visitor.HasClient)
        {
            warnings.CookieWithheld(RouteName.Of(current));
        }
    }

    private bool TryRefuse(IRequestVisitor visitor, HttpContext current)
    {
        if (!IsNewlyRefused(visitor, current.Request, policy.DataFile))
        {
            return false;
        }

        if (_removesRefused && HasCode(current.Request))
        {
            cookie.Remove(current);
        }
        else
        {
            cookie.MarkRefused(current);
        }

        return true;
    }

    private bool TryWrite(IRequestVisitor visitor, HttpContext current)
    {
        var request = visitor.Request;
        if ((request.IsInCookie && !IsDue(visitor, current.Request))
            || !policy.IsWanted(visitor)
            || !policy.MayWrite(visitor, policy.DataFile))
        {
            return false;
        }

        cookie.Write(current, request.Code, visitor.HasRefused, request.Resolved.HasDuplicateCookie);
        request.HasWrittenCookie = true;
        return true;
    }

    // A visitor who took over the device has no cookie before consent. The former visitor's cookie must go: what the page's
    // scripts request next, or the answer itself, would be counted for the other person.
    private bool TryRemoveForeign(IRequestVisitor visitor, HttpContext current)
    {
        if (visitor.Request is not { Resolved.ReplacesForeignCode: true, IsBot: false } request
            || !policy.IsWanted(visitor)
            || !(policy.CanKeepCookie(current.Request) || request.IsAskedByScript)
            || policy.DataFile is not { } dataFile
            || policy.IsAllowed(visitor, dataFile))
        {
            return false;
        }

        cookie.RemoveForeign(current);
        return true;
    }

    // The first of two cookies counts. It is written for the domain, and the host's own cookie is removed.
    private bool MustRemovePair(VisitorRequest request) => request.Resolved.HasDuplicateCookie && _settings.Domain is not null;

    private bool IsDue(IRequestVisitor visitor, HttpRequest request) =>
        MustRemovePair(visitor.Request)
        || cookie.IsDue(request, visitor.Request.Code, visitor.HasRefused);

    // Before the answer there is no cookie. Only the mark tells the next page what such a visitor said to the application; what a
    // provider reads is in each request.
    private static bool IsNewlyRefused(IRequestVisitor visitor, HttpRequest request, DataFile? dataFile) =>
        dataFile is { ConsentRequired: true, HasTargetedDelivery: false }
        && (HasCode(request) || visitor is { HasJustConsented: true, Request.IsBot: false })
        && !VisitorCookie.SaysRefused(request)
        && visitor.ConsentUnder(dataFile) == Consent.Refused;

    private static bool HasCode(HttpRequest request) => VisitorCookie.Read(request, out _) is not null;
}
