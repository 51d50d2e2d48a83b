using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Options;

namespace Kameleoon.Hybrid;

/// <summary>Decides which visitor code a signed-in user's request has: the browser's or the user's.</summary>
/// <remarks>The <see cref="SignInTable"/> contains the rules. Users whose link this server remembers are decided
/// synchronously, the
/// others by the <see cref="SignInLookup"/>. The code of a page never changes while the page is shown: what its scripts
/// fetch keeps the browser's code, unless that code belongs to another user.</remarks>
internal sealed class SignInFlow(
    VisitorLinks links,
    UserIds users,
    IdentityConsent consent,
    SignOutMarker marker,
    BotFilter bots,
    SignInLookup lookup,
    IOptions<KameleoonOptions> options)
{
    private readonly SignInPolicy _policy = options.Value.Identity.SignIn;

    /// <summary>Whether the application has a store of visitor links.</summary>
    internal bool IsOn => links.IsEnabled;

    /// <summary>Returns the code of a request, synchronously when the user's link is remembered.</summary>
    /// <param name="context">The request.</param>
    /// <param name="browser">The code that the request has without a sign-in.</param>
    internal ValueTask<ResolvedVisitorCode> ResolveAsync(HttpContext context, ResolvedVisitorCode browser)
    {
        if (UserIds.FindUser(context) is not { } principal)
        {
            return new(marker.ResolveSignedOut(context, browser));
        }

        if (users.Find(principal) is not { } userId)
        {
            return new(browser);
        }

        var facts = new SignInFacts(browser, consent.Of(context, browser.Code), PolicyInForce(context));
        if (facts.Consent != LinkConsent.Given && browser.Source == VisitorCodeSource.Generated)
        {
            // The rows for NoCode do not depend on the user, so the store is not read.
            return new(browser);
        }

        if (links.FindCached(userId) is { } user && facts.TryApply(facts.ActionFor(user), user, out var resolved))
        {
            marker.MarkSignedIn(facts.HasAgreed, facts.Browser, context);
            return new(resolved);
        }

        if (!UserKeys.IsValid(userId))
        {
            users.Refuse("a claim with control characters, incomplete characters, or too many bytes");
            return new(browser);
        }

        return lookup.ResolveAsync(context, facts, userId, bots.IsBot(context.Request, isEarly: true));
    }

    // A page that is shown keeps its code.
    private SignInPolicy PolicyInForce(HttpContext context) =>
        _policy == SignInPolicy.AdoptLinked && !PageStart.Is(context) ? SignInPolicy.KeepBrowser : _policy;
}
