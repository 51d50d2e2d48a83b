using Kameleoon.Hybrid.Decisions;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Options;

namespace Kameleoon.Hybrid;

/// <summary>Decides what becomes of the visitor's cookie when the headers of a response are about to leave.</summary>
internal sealed class CookieKeeper(
    VisitorCookie cookie,
    ConfigurationStore configuration,
    IOptions<KameleoonOptions> options)
{
    private readonly KameleoonCookie _settings = options.Value.Cookie;
    private readonly KameleoonConsent _consent = options.Value.Consent;

    /// <summary>Whether the cookie is as it should be, whatever the request goes on to do short of a change of consent.
    /// </summary>
    internal bool IsRight(RequestVisitor visitor, HttpRequest request) =>
        visitor.IsInCookie
        && configuration.DataFile is { ConsentRequired: false }
        && !IsDue(visitor, request);

    /// <summary>Sets the cookie if it is due, or removes it after a refusal.</summary>
    internal void Update(RequestVisitor visitor)
    {
        if (visitor.Context is not { } current
            || visitor.LeavesCookie
            || ResponseCaching.IsShared(current.Response)
            || (visitor.Cell is null && ResponseCaching.IsBeingStored(current)))
        {
            return;
        }

        if (IsNewlyRefused(visitor, configuration.DataFile))
        {
            if (_consent.RemoveCookie)
            {
                cookie.Remove(current);
            }
            else
            {
                cookie.MarkRefused(current);
            }

            ResponseCaching.KeepPrivate(current.Response);
        }
        else if ((!visitor.IsInCookie || IsDue(visitor, current.Request))
            && (visitor.IsPrivate || !_settings.OnlyOnDecision)
            && MayWrite(visitor, configuration.DataFile))
        {
            cookie.Write(current, visitor.Code, visitor.HasRefused, visitor.HasRival);
            visitor.HasWrittenCookie = true;
            ResponseCaching.KeepPrivate(current.Response);
        }
        else if (MustForget(visitor, current.Request))
        {
            cookie.Forget(current);
            ResponseCaching.KeepPrivate(current.Response);
        }
    }

    /// <summary>Whether this response may set the cookie: for a person who goes somewhere, where the site may.</summary>
    internal bool MayWrite(RequestVisitor visitor, DataFile? dataFile) =>
        visitor.Context is { } current
        && (Audience.CanKeepCookie(current.Request) || visitor.Sharing.IsAskedByScript || IsKeptByConsent(visitor))
        && IsAllowed(visitor, dataFile)
        && !visitor.IsBot;

    /// <summary>Where consent is required, only a delivery that the site technically needs justifies the cookie without
    /// it.</summary>
    internal bool IsAllowed(RequestVisitor visitor, DataFile? dataFile) => dataFile is null
        ? _consent.AssumeNotRequired
        : !dataFile.ConsentRequired || dataFile.HasTargetedDelivery || visitor.ConsentUnder(dataFile) == Consent.Given;

    // The first of two codes counts. Written for the whole domain, with that of the host gone, it is the only one.
    private bool IsDue(RequestVisitor visitor, HttpRequest request) =>
        (visitor.HasRival && _settings.Domain is not null) || cookie.IsDue(request, visitor.Code, visitor.HasRefused);

    // A script that tells the server of the consent is no navigation, but it brings the code that its page has.
    private static bool IsKeptByConsent(RequestVisitor visitor) =>
        visitor is { HasJustConsented: true, Source: not VisitorCodeSource.Generated };

    // Who took the device over has no cookie of their own before agreeing, and nothing may go on as somebody else: what the
    // page's scripts fetch, or the answer itself.
    private bool MustForget(RequestVisitor visitor, HttpRequest request) =>
        visitor is { HasLeft: true, IsBot: false }
        && (visitor.IsPrivate || !_settings.OnlyOnDecision)
        && (Audience.CanKeepCookie(request) || visitor.Sharing.IsAskedByScript)
        && configuration.DataFile is { } dataFile
        && !IsAllowed(visitor, dataFile);

    private static bool IsNewlyRefused(RequestVisitor visitor, DataFile? dataFile) =>
        visitor.Context is { } current
        && dataFile is { ConsentRequired: true, HasTargetedDelivery: false }
        && VisitorCookie.Read(current.Request, out _) is not null
        && !VisitorCookie.SaysRefused(current.Request)
        && visitor.ConsentUnder(dataFile) == Consent.Refused;
}
