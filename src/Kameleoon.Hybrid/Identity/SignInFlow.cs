using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Options;

namespace Kameleoon.Hybrid;

/// <summary>Decides which code a signed-in user's request has: the browser's, or the user's.</summary>
/// <remarks>The code of a page that is being shown never changes: what its scripts fetch keeps the browser's code until
/// somebody goes somewhere. A code that is another person's is nobody else's, whatever the policy, then too.</remarks>
internal sealed class SignInFlow(
    VisitorLinks links,
    DeferredLinks deferred,
    UserIds users,
    IdentityConsent consent,
    MappingReport mapping,
    SignOutMarker marker,
    BotFilter bots,
    IOptions<KameleoonOptions> options)
{
    private readonly SignInPolicy _policy = options.Value.Identity.SignIn;

    internal bool IsOn => links.IsEnabled;

    /// <summary>Resolves at once for whoever is remembered.</summary>
    internal ValueTask<ResolvedVisitorCode> ResolveAsync(HttpContext context, ResolvedVisitorCode browser)
    {
        if (UserIds.FindUser(context) is not { } principal)
        {
            return new(marker.Leave(context, browser));
        }

        if (users.Find(principal) is not { } userId)
        {
            return new(browser);
        }

        if (!consent.Allows(context, browser.Code))
        {
            return browser.Source == VisitorCodeSource.Cookie ? LeaveAnothersAsync(browser, userId) : new(browser);
        }

        marker.Keep(context);
        return links.Remembered(userId) is { } user && Choose(context, browser, user) is { } chosen
            ? new(chosen)
            : AskAsync(context, browser, userId);
    }

    // Who has not agreed is linked to nothing, but does not go on as another person either: as a visitor of this request.
    private async ValueTask<ResolvedVisitorCode> LeaveAnothersAsync(ResolvedVisitorCode browser, string userId)
    {
        try
        {
            return UserKeys.IsValid(userId) && await links.IsForeignAsync(userId, browser.Code)
                ? browser with { Code = VisitorCode.Generate(), Source = VisitorCodeSource.Generated, InCookie = false }
                : browser;
        }
        catch (VisitorLinksUnavailableException)
        {
            return browser;
        }
    }

    private async ValueTask<ResolvedVisitorCode> AskAsync(
        HttpContext context, ResolvedVisitorCode browser, string userId)
    {
        if (!UserKeys.IsValid(userId))
        {
            users.Refuse("a claim with characters that no id has, or too many bytes");
            return browser;
        }

        var isBot = bots.IsBot(context.Request);
        try
        {
            var user = await links.FindAsync(userId);
            if (!isBot && Choose(context, browser, user) is null)
            {
                user = await LinkAsync(browser, userId);
            }

            var chosen = Choose(context, browser, user) ?? browser;
            if (!isBot && chosen.Source == VisitorCodeSource.Linked)
            {
                mapping.Tell(chosen.Code, user);
            }

            return chosen;
        }
        catch (VisitorLinksUnavailableException)
        {
            if (!isBot && browser.Source != VisitorCodeSource.Generated && VisitorCode.IsReported(browser.Code))
            {
                deferred.Add(userId, browser.Code);
            }

            return browser;
        }
    }

    private async ValueTask<LinkedUser> LinkAsync(ResolvedVisitorCode browser, string userId)
    {
        var (user, _) = await links.LinkAsync(
            userId, VisitorCode.IsReported(browser.Code) ? browser.Code : VisitorCode.Generate());
        while (user.Code is null)
        {
            // The browser's code is another person's, who used this device before.
            (user, _) = await links.LinkAsync(userId, VisitorCode.Generate());
            user.Note(browser.Code, isOwn: false);
        }

        return user;
    }

    /// <returns>The code, or null where the store has to be asked whose the browser's is.</returns>
    private ResolvedVisitorCode? Choose(HttpContext context, ResolvedVisitorCode browser, LinkedUser user)
    {
        if (string.Equals(user.Code, browser.Code, StringComparison.Ordinal))
        {
            return browser with { Source = VisitorCodeSource.Linked };
        }

        // A code that has just been made up is nobody's yet: it is linked once the browser has brought it back.
        if (browser.Source == VisitorCodeSource.Generated)
        {
            return user.Code is null || _policy == SignInPolicy.LinkOnly ? browser : Adopt(context, browser, user, user.Code);
        }

        var isOwn = VisitorCode.IsReported(browser.Code) ? user.Owns(browser.Code) : false;
        var changes = _policy == SignInPolicy.AdoptLinked && PageStart.Is(context);
        if (user.Code is { } code && (changes || isOwn == false))
        {
            return Adopt(context, browser, user, code);
        }

        return isOwn == true ? browser : null;
    }

    private ResolvedVisitorCode Adopt(
        HttpContext context, ResolvedVisitorCode browser, LinkedUser user, string code)
    {
        if (browser.Source != VisitorCodeSource.Generated)
        {
            consent.Carry(browser.Code, code);
            if (!bots.IsBot(context.Request))
            {
                Remember(user, browser.Code);
            }
        }

        return browser with { Code = code, Source = VisitorCodeSource.Linked, InCookie = false };
    }

    // For the history, which no page waits for. The store may still say that it is another person's.
    private void Remember(LinkedUser user, string code)
    {
        if (user.Owns(code) is null && VisitorCode.IsReported(code))
        {
            deferred.Add(user.UserId, code);
        }
    }
}
