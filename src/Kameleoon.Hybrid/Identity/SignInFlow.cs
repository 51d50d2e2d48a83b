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
    SharedSessions sessions,
    MappingReport mapping,
    SignOutMarker marker,
    BotFilter bots,
    TimeProvider clock,
    IOptions<KameleoonOptions> options)
{
    // Of all that a page asks together. A single call that hangs is to be noticed, and ends, before that.
    private static readonly TimeSpan Grace = TimeSpan.FromMilliseconds(50);

    private readonly SignInPolicy _policy = options.Value.Identity.SignIn;
    private readonly TimeSpan _timeout = options.Value.Identity.Timeout + Grace;

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

        var answer = consent.Of(context, browser.Code);
        if (answer != LinkConsent.Given && browser.Source == VisitorCodeSource.Generated)
        {
            return new(browser);
        }

        return links.Remembered(userId) is { } user && Choose(context, browser, user, answer) is { } chosen
            ? new(Keep(context, chosen, answer))
            : AskAsync(context, browser, userId, answer);
    }

    private async ValueTask<ResolvedVisitorCode> AskAsync(
        HttpContext context, ResolvedVisitorCode browser, string userId, LinkConsent answer)
    {
        if (!UserKeys.IsValid(userId))
        {
            users.Refuse("a claim with characters that no id has, or too many bytes");
            return browser;
        }

        var isBot = bots.IsBot(context.Request);
        using var deadline = new CancellationTokenSource(_timeout, clock);
        try
        {
            if (answer is LinkConsent.Unknown or LinkConsent.Refused && !await links.IsOthersAsync(userId, browser.Code, deadline.Token))
            {
                return browser;
            }

            var user = await links.FindAsync(userId, deadline.Token);
            if (!isBot && Choose(context, browser, user, answer) is null && !IsOnlyAnothersWord(user, browser, answer))
            {
                user = await LinkAsync(browser, userId, answer, deadline.Token);
            }

            if (IsOnlyAnothersWord(user, browser, answer))
            {
                return await LeaveAsync(context, browser, user, answer);
            }

            var chosen = Choose(context, browser, user, answer) ?? browser;
            if (!isBot && chosen.Source == VisitorCodeSource.Linked)
            {
                mapping.Tell(chosen.Code, user);
            }

            return Keep(context, chosen, answer);
        }
        catch (Exception e) when (
            e is VisitorLinksUnavailableException || (e is OperationCanceledException && deadline.IsCancellationRequested))
        {
            if (!isBot && answer >= LinkConsent.UnderCode && browser.Source != VisitorCodeSource.Generated
                && VisitorCode.IsReported(browser.Code))
            {
                deferred.Add(userId, browser.Code);
            }

            return browser;
        }
    }

    private async ValueTask<LinkedUser> LinkAsync(
        ResolvedVisitorCode browser, string userId, LinkConsent answer, CancellationToken deadline)
    {
        var (user, _) = await links.LinkAsync(
            userId, VisitorCode.IsReported(browser.Code) ? browser.Code : VisitorCode.Generate(), deadline);
        while (user.Code is null && answer == LinkConsent.Given)
        {
            // The browser's code is another person's, who used this device before.
            (user, _) = await links.LinkAsync(userId, VisitorCode.Generate(), deadline);
            user.Note(browser.Code, isOwn: false);
        }

        return user;
    }

    /// <returns>The code, or null where the store has to be asked whose the browser's is, or this person has to leave it.
    /// </returns>
    private ResolvedVisitorCode? Choose(
        HttpContext context, ResolvedVisitorCode browser, LinkedUser user, LinkConsent answer)
    {
        if (IsOnlyAnothersWord(user, browser, answer))
        {
            return null;
        }

        if (answer is LinkConsent.Unknown or LinkConsent.Refused)
        {
            return user.HasAsked(browser.Code) ? browser : null;
        }

        if (string.Equals(user.Code, browser.Code, StringComparison.Ordinal))
        {
            return browser with { Source = VisitorCodeSource.Linked };
        }

        // A code that has just been made up is nobody's yet: it is linked once the browser has brought it back.
        if (browser.Source == VisitorCodeSource.Generated)
        {
            return user.Code is null || _policy == SignInPolicy.LinkOnly ? browser : Adopt(browser, user, user.Code);
        }

        // Whose it is must be known first: what was said in the browser follows its person only, and the history has to
        // stand before the cookie, which is its last trace, is replaced.
        var isOwn = VisitorCode.IsReported(browser.Code) ? user.Owns(browser.Code) : false;
        if (isOwn is null)
        {
            return null;
        }

        var changes = _policy == SignInPolicy.AdoptLinked && PageStart.Is(context);
        if (user.Code is { } code && (changes || isOwn == false))
        {
            return Adopt(browser, user, code);
        }

        return isOwn == true ? browser : null;
    }

    // An answer that was given under somebody else's code says nothing of this person, and theirs must not stand there.
    private static bool IsOnlyAnothersWord(LinkedUser user, ResolvedVisitorCode browser, LinkConsent answer) =>
        answer != LinkConsent.Given && user.Owns(browser.Code) == false;

    private async ValueTask<ResolvedVisitorCode> LeaveAsync(
        HttpContext context, ResolvedVisitorCode browser, LinkedUser user, LinkConsent answer)
    {
        if (user.Code is not { } code || answer == LinkConsent.Refused)
        {
            return browser.WithNewCode();
        }

        // Whoever agreed under their own code need not be asked again.
        await sessions.LoadAsync(code);
        return consent.IsGivenUnder(code)
            ? Keep(context, Adopt(browser, user, code), LinkConsent.Given)
            : browser.WithNewCode();
    }

    // A browser that is nobody's yet has nobody to sign out.
    private ResolvedVisitorCode Keep(HttpContext context, ResolvedVisitorCode chosen, LinkConsent answer)
    {
        if (answer >= LinkConsent.UnderCode)
        {
            marker.Keep(context);
        }

        return chosen;
    }

    private static ResolvedVisitorCode Adopt(ResolvedVisitorCode browser, LinkedUser user, string code) => browser with
    {
        Code = code,
        Source = VisitorCodeSource.Linked,
        InCookie = false,
        Former = browser.Source != VisitorCodeSource.Generated && user.Owns(browser.Code) == true ? browser.Code : null,
    };
}
