using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Options;

namespace Kameleoon.Hybrid;

/// <summary>Decides which visitor code a signed-in user's request has, by asking the store of links.</summary>
/// <remarks>Follows the <see cref="SignInTable"/> until an action needs no further answer of the store. While the store is
/// unavailable the request keeps the browser's code, and the link is written later.</remarks>
internal sealed class SignInLookup(
    VisitorLinks links,
    DeferredLinks deferred,
    IdentityConsent consent,
    SharedSessions sessions,
    MappingReport mapping,
    SignOutMarker marker,
    TimeProvider clock,
    IOptions<KameleoonOptions> options)
{
    // The deadline of all calls of one request together. A single call that hangs ends before it, and so is noticed.
    private static readonly TimeSpan Margin = TimeSpan.FromMilliseconds(50);

    private readonly TimeSpan _timeout = options.Value.Identity.Timeout + Margin;

    /// <summary>Returns the code of a request.</summary>
    /// <param name="context">The request.</param>
    /// <param name="facts">What is known about it.</param>
    /// <param name="userId">The signed-in user, a valid id.</param>
    /// <param name="isBot">Whether the request comes from a bot: bots are not linked.</param>
    internal async ValueTask<ResolvedVisitorCode> ResolveAsync(
        HttpContext context, SignInFacts facts, string userId, bool isBot)
    {
        using var deadline = new CancellationTokenSource(_timeout, clock);
        try
        {
            var (user, action) = await DecideAsync(facts, userId, isBot, deadline.Token);
            return await ApplyAsync(context, facts, user, action, isBot);
        }
        catch (Exception e) when (
            e is VisitorLinksUnavailableException || (e is OperationCanceledException && deadline.IsCancellationRequested))
        {
            if (!isBot && facts.CanLinkLater)
            {
                deferred.Add(userId, facts.Browser.Code);
            }

            return facts.Browser;
        }
    }

    private async ValueTask<(LinkedUser User, SignInAction Action)> DecideAsync(
        SignInFacts facts, string userId, bool isBot, CancellationToken deadline)
    {
        var user = await links.FindAsync(userId, deadline);
        while (true)
        {
            var action = facts.ActionFor(user);
            switch (action)
            {
                case SignInAction.AskOwner:
                    await links.LearnOwnerAsync(user, facts.Browser.Code, deadline);
                    break;
                case SignInAction.LinkBrowserCode or SignInAction.LinkNewCode when isBot:
                    return (user, SignInAction.KeepBrowserCode);
                case SignInAction.LinkBrowserCode:
                    (user, _) = await links.LinkAsync(userId, facts.Browser.Code, deadline);
                    break;
                case SignInAction.LinkNewCode:
                    user = await LinkNewCodeAsync(facts, user, deadline);
                    break;
                default:
                    return (user, action);
            }
        }
    }

    private async ValueTask<LinkedUser> LinkNewCodeAsync(SignInFacts facts, LinkedUser user, CancellationToken deadline)
    {
        var owner = facts.OwnerFor(user);
        (user, _) = await links.LinkAsync(user.UserId, VisitorCode.Generate(), deadline);
        if (owner == CodeOwner.AnotherUser)
        {
            // The user may be another object now, which would have to ask the store again.
            user.Note(facts.Browser.Code, owner);
        }

        return user;
    }

    private async ValueTask<ResolvedVisitorCode> ApplyAsync(
        HttpContext context, SignInFacts facts, LinkedUser user, SignInAction action, bool isBot)
    {
        if (facts.TryApply(action, user, out var resolved))
        {
            if (!isBot && resolved.Source == VisitorCodeSource.Linked)
            {
                mapping.Tell(resolved.Code, user);
            }

            marker.MarkSignedIn(facts.HasAgreed, facts.Browser, context);
            return resolved;
        }

        if (action != SignInAction.AdoptIfConsented || !await HasConsentedAsync(user.Code!))
        {
            return facts.Browser.WithNewCode();
        }

        marker.MarkSignedIn(true, facts.Browser, context);
        return facts.Adopt(user);
    }

    // A user who consented under the own code, perhaps on another server, is not asked again.
    private async ValueTask<bool> HasConsentedAsync(string code)
    {
        await sessions.LoadAsync(code);
        return consent.IsGivenUnder(code);
    }
}
