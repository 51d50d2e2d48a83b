using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;

namespace Kameleoon.Hybrid;

/// <summary>Determines the visitor of a call to an endpoint. A request's address and body cannot name another visitor.
/// </summary>
internal sealed class IdentityCallers(
    VisitorLinks links,
    UserIds users,
    IdentityConsent consent,
    SharedSessions sessions,
    RequestVisitorFactory visitors,
    ILogger<IdentityCallers> logger)
{
    private readonly LogOnce _tooLate = new();

    /// <summary>The id of the signed-in user.</summary>
    internal string RequireUser(HttpContext context) => FindUser(context) ?? throw IdentityProblemException.NotSignedIn();

    /// <summary>The browser's code that may be linked to the user, or null.</summary>
    internal static string? CodeOfBrowser(HttpContext context) =>
        RequestVisitor.Of(context) is { Source: not (VisitorCodeSource.Generated or VisitorCodeSource.Linked), Code: var code }
            && VisitorCode.IsReported(code)
            ? code
            : null;

    /// <summary>Returns the client of the caller: the visitor of the request, or the signed-in user's when an application
    /// sends no code or another user's code.</summary>
    internal async ValueTask<IKameleoonClient> GetClientAsync(HttpContext context)
    {
        var visitor = RequestVisitor.Of(context);
        if (FindUser(context) is not { } userId || await IsBroughtAsync(context, visitor, userId))
        {
            return visitor.Client;
        }

        visitor.LeaveCookie();
        return visitor switch
        {
            { Source: VisitorCodeSource.Linked, IsBot: false } => visitor.Client,
            { Source: VisitorCodeSource.Linked } => await StandForAsync(context, visitor, visitor.Code),
            _ => await StandForAsync(context, visitor, await GetCodeAsync(context, userId, proposed: null)),
        };
    }

    /// <summary>Returns the signed-in user's code: the existing one, or with consent the proposed or a new one.</summary>
    internal async ValueTask<string> GetCodeAsync(HttpContext context, string userId, string? proposed)
    {
        if ((await links.FindAsync(userId, context.RequestAborted)).Code is { } code)
        {
            return code;
        }

        var agreed = proposed ?? RequestVisitor.Of(context).Code;
        RequireConsent(context, agreed);
        if (consent.Of(context, agreed) == LinkConsent.InheritedFromCode
            && await links.IsForeignAsync(userId, agreed, context.RequestAborted))
        {
            throw IdentityProblemException.NoConsent();
        }

        return await links.GetOrCreateAsync(userId, proposed, context.RequestAborted);
    }

    /// <summary>Returns the codes under which a signed-in caller may have sent requests before the sign-in: the browser's
    /// code, and those that are merged into the user's.</summary>
    /// <param name="context">The request.</param>
    /// <param name="brought">The code that the request brought, or null.</param>
    /// <param name="current">The caller's code now, which is left out.</param>
    internal async ValueTask<IReadOnlyCollection<string>> FindFormerCodesAsync(
        HttpContext context, string? brought, string current)
    {
        if (FindUser(context) is not { } userId)
        {
            return [];
        }

        var codes = new HashSet<string>(StringComparer.Ordinal);
        try
        {
            codes.UnionWith(await links.FindCodesAsync(userId, context.RequestAborted));
        }
        catch (VisitorLinksUnavailableException)
        {
            // The events are taken nevertheless.
        }

        if (brought is not null)
        {
            codes.Add(brought);
        }

        codes.Remove(current);
        return codes;
    }

    /// <summary>Rejects the request of a user without consent.</summary>
    internal void RequireConsent(HttpContext context, string code)
    {
        if (consent.Of(context, code) is LinkConsent.Unknown or LinkConsent.Refused)
        {
            throw IdentityProblemException.NoConsent();
        }
    }

    // The consent and data in the request belong to the visitor whose code is found.
    private async ValueTask<IKameleoonClient> StandForAsync(HttpContext context, RequestVisitor visitor, string code)
    {
        var resolved = new ResolvedVisitorCode(code, VisitorCodeSource.Linked, InCookie: false);
        await sessions.LoadAsync(code);
        var person = visitors.CreateForApp(context, resolved);
        context.Features.Set(person);
        visitor.CopyConsentTo(person);
        return person.Client;
    }

    private async ValueTask<bool> IsBroughtAsync(HttpContext context, RequestVisitor visitor, string userId) =>
        visitor.Source switch
        {
            VisitorCodeSource.Linked => visitor.IsInCookie,
            VisitorCodeSource.Generated => false,
            _ => await MayUseAsync(context, userId, visitor.Code),
        };

    // Without consent no code is linked, not even one that belongs to no user yet.
    private async ValueTask<bool> MayUseAsync(HttpContext context, string userId, string code)
    {
        try
        {
            return consent.Of(context, code) is LinkConsent.Unknown or LinkConsent.Refused
                ? !await links.IsForeignAsync(userId, code, context.RequestAborted)
                : await links.TryConfirmOrLinkAsync(userId, code, context.RequestAborted);
        }
        catch (VisitorLinksUnavailableException)
        {
            // The browser's code is used, as on pages.
            return true;
        }
    }

    private string? FindUser(HttpContext context)
    {
        if (UserIds.FindUser(context) is not { } principal)
        {
            return null;
        }

        if (users.Find(principal) is { } userId && UserKeys.IsValid(userId))
        {
            if (!RequestVisitor.Of(context).Request.WasSignedIn && _tooLate.IsFirst())
            {
                logger.AuthenticatedTooLate(context.Request.Path);
            }

            return userId;
        }

        throw IdentityProblemException.BadRequest(
            "The user id cannot be used.",
            $"A user id has 1 to {UserKeys.MaxLength} characters, at most 2,000 bytes in UTF-8, and no control characters. "
            + "The application chooses the claim that holds it.");
    }
}
