using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Options;

namespace Kameleoon.Hybrid;

/// <summary>Compares the visitor code of a page with the one that its engine uses, finds the cause of a difference, and repairs
/// it as <see cref="KameleoonTrustOptions.Heal"/> says.</summary>
/// <remarks>
/// A message changes nothing but the cookie of the browser that sends it, and only if that browser has the page's code in its
/// cookie or in the stamp beside it. So a page that a cache replays to others cannot give them its code. One pair of codes is
/// repaired once a session, and a tab once.
/// </remarks>
internal sealed class IdentityHandshake(
    VisitorCodeResolver codes,
    RequestVisitorFactory visitors,
    CookiePolicy policy,
    VisitorCookie cookie,
    VisitorLinks links,
    IdentityComparisons comparisons,
    TimeProvider clock,
    IOptions<KameleoonOptions> options)
{
    private readonly IdentityHealing _healing = options.Value.Trust.Heal;
    private readonly bool _countsAgreed = options.Value.Trust.Sample > 0;
    private readonly SeenReports _repaired = new(clock, options);

    /// <summary>Answers a message of a page of this site. Status 200 makes the page pass its code to the engine, 201 says that the
    /// cookie has the engine's code now, and 204 that nothing was done.</summary>
    internal async Task AnswerAsync(HttpContext context)
    {
        if (await IdentityMessage.ReadAsync(context.Request, context.RequestAborted) is not { } message)
        {
            return;
        }

        if (message.AreEqual)
        {
            if (_countsAgreed)
            {
                comparisons.CountAgreed();
            }

            return;
        }

        var visitor = visitors.Create(context, await codes.ResolveAsync(context));
        if (visitor.HasRefused)
        {
            return;
        }

        var cause = FindCause(visitor, message);
        comparisons.Count(cause, await RepairAsync(context, visitor, message, cause));
    }

    private IdentityCause FindCause(RequestVisitor visitor, in IdentityMessage message)
    {
        var request = visitor.Context!.Request;
        var code = VisitorCookie.Read(request, out _);
        return visitor.Request.Resolved.HasDuplicateCookie && HasTwoCodes(request, code) ? IdentityCause.TwoCookies
            : message.Has(IdentityMessage.SignIn) ? IdentityCause.SignIn
            : policy.DataFile is { } dataFile && !policy.IsAllowed(visitor, dataFile) ? IdentityCause.Consent
            : IsReplayed(request, code, message) ? IdentityCause.Replayed
            : message.Has(IdentityMessage.LocalStorage) ? IdentityCause.LocalStorage
            : code is null || !Is(code, message.PageCode) ? IdentityCause.CookieLost
            : message.Has(IdentityMessage.HiddenCookie) ? IdentityCause.HiddenCookie
            : IdentityCause.Unknown;
    }

    // The engine has the code of this browser. The page does not.
    private bool IsReplayed(HttpRequest request, string? code, in IdentityMessage message) =>
        code is not null && Is(code, message.EngineCode) && cookie.HasStampOf(request, code);

    private static bool HasTwoCodes(HttpRequest request, string? code) => CookieHeader.Any(
        request.Headers.Cookie, VisitorCookie.Name, code, static (value, first) => !value.SequenceEqual(first));

    private async ValueTask<IdentityRepair> RepairAsync(
        HttpContext context, RequestVisitor visitor, IdentityMessage message, IdentityCause cause)
    {
        if (!MayRepair(visitor, message, cause))
        {
            return IdentityRepair.None;
        }

        var isInCookie = VisitorCookie.Read(context.Request, out _) is { } code && Is(code, message.PageCode);
        var isOfBrowser = isInCookie || cookie.HasStampOf(context.Request, message.PageCode);

        // Noted before the store of links is asked, so that repeated messages do not ask it again.
        if (!isOfBrowser || !_repaired.TryAdd(RequestNonces.NonceOf($"{message.PageCode}\n{message.EngineCode}")))
        {
            return IdentityRepair.None;
        }

        var adopts = await MayAdoptAsync(context, visitor, message.EngineCode, cause);
        if (adopts || !isInCookie)
        {
            var written = adopts ? message.EngineCode : message.PageCode;
            cookie.Write(context, written, hasDuplicateCookie: visitor.Request.Resolved.HasDuplicateCookie);
        }

        (context.Response.StatusCode, var repair) = adopts
            ? (StatusCodes.Status201Created, IdentityRepair.Adopted)
            : (StatusCodes.Status200OK, IdentityRepair.Pushed);
        return repair;
    }

    // Whatever the cause is, nothing is written without consent.
    private bool MayRepair(RequestVisitor visitor, in IdentityMessage message, IdentityCause cause) =>
        _healing != IdentityHealing.None
        && policy.IsAllowed(visitor, policy.DataFile)
        && cause is not (IdentityCause.Consent or IdentityCause.Replayed)
        && !message.Has(IdentityMessage.Repaired);

    // Where a proxy hides the cookie, the engine cannot read what is written: it would have another code on each page.
    private async ValueTask<bool> MayAdoptAsync(HttpContext context, RequestVisitor visitor, string code, IdentityCause cause)
    {
        if (_healing != IdentityHealing.AdoptEngineCode
            || cause == IdentityCause.HiddenCookie
            || visitor.Source == VisitorCodeSource.Linked
            || UserIds.FindUser(context) is not null
            || !VisitorCode.IsValidInAddress(code))
        {
            return false;
        }

        if (!links.IsEnabled)
        {
            return true;
        }

        try
        {
            return !await links.HasOwnerAsync(code, context.RequestAborted);
        }
        catch (VisitorLinksUnavailableException)
        {
            return false;
        }
    }

    private static bool Is(string code, string other) => string.Equals(code, other, StringComparison.Ordinal);
}
