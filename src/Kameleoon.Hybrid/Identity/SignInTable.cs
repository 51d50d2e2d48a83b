using System.Collections.Immutable;
using static Kameleoon.Hybrid.CodeOwner;
using static Kameleoon.Hybrid.LinkConsent;
using static Kameleoon.Hybrid.SignInAction;

namespace Kameleoon.Hybrid;

/// <summary>Decides what happens to the visitor code of a signed-in user's request, by consent, by the owner of the browser's
/// code, by whether the user has a code, and by policy.</summary>
/// <remarks>Exactly one row applies to each combination, so the order of rows means nothing. <c>docs/reference/sign-in.md</c> shows
/// the same rows; a test compares them.</remarks>
internal static class SignInTable
{
    private static readonly LinkConsent[] NotAgreed = [Unknown, Refused];
    private static readonly LinkConsent[] Agreed = [InheritedFromCode, Given];
    private static readonly LinkConsent[] NotGiven = [Unknown, Refused, InheritedFromCode];

    // PolicyInForce turns the first policy into the second where a page is not about to start.
    private static readonly SignInPolicy[] Adopts = [SignInPolicy.AdoptLinked];
    private static readonly SignInPolicy[] Keeps = [SignInPolicy.KeepBrowser, SignInPolicy.LinkOnly];
    private static readonly SignInPolicy[] Gives = [SignInPolicy.AdoptLinked, SignInPolicy.KeepBrowser];
    private static readonly SignInPolicy[] LinksOnly = [SignInPolicy.LinkOnly];
    private static readonly SignInPolicy[] All = [];

    /// <summary>The rows.</summary>
    internal static readonly ImmutableArray<SignInRule> Rules =
    [
        // A code that was just generated is linked once the browser has sent it back, not before.
        new(NotGiven, [NoCode], UserHasCode: null, All, KeepBrowserCode),
        new([Given], [NoCode], UserHasCode: false, All, KeepBrowserCode),
        new([Given], [NoCode], UserHasCode: true, Gives, AdoptUserCode),
        new([Given], [NoCode], UserHasCode: true, LinksOnly, KeepBrowserCode),

        // Without consent nothing is written. The store is asked, so that no user continues under another user's code.
        new(NotAgreed, [NotAsked], UserHasCode: null, All, AskOwner),
        new(NotAgreed, [NoUser, TooLong, ThisUser, ThisUserMerged], UserHasCode: null, All, KeepBrowserCode),

        // The link is written before the cookie is replaced, which is the last trace of the browser's code.
        new(Agreed, [NotAsked, NoUser], UserHasCode: null, All, LinkBrowserCode),
        new(Agreed, [TooLong], UserHasCode: false, All, LinkNewCode),
        new(Agreed, [TooLong], UserHasCode: true, All, AdoptUserCode),

        new(Agreed, [ThisUser], UserHasCode: null, All, UseAsUserCode),
        new(Agreed, [ThisUserMerged], UserHasCode: false, All, KeepBrowserCode),
        new(Agreed, [ThisUserMerged], UserHasCode: true, Adopts, AdoptUserCode),
        new(Agreed, [ThisUserMerged], UserHasCode: true, Keeps, KeepBrowserCode),

        // Consent that was given under another user's code says nothing about this user.
        new([Given], [AnotherUser], UserHasCode: false, All, LinkNewCode),
        new([Given], [AnotherUser], UserHasCode: true, All, AdoptUserCode),
        new([Refused], [AnotherUser], UserHasCode: null, All, StartNewVisitor),
        new([Unknown, InheritedFromCode], [AnotherUser], UserHasCode: false, All, StartNewVisitor),
        new([Unknown, InheritedFromCode], [AnotherUser], UserHasCode: true, All, AdoptIfConsented),
    ];

    private static readonly int Policies = Enum.GetValues<SignInPolicy>().Length;
    private static readonly int Owners = Enum.GetValues<CodeOwner>().Length;
    private static readonly ImmutableArray<SignInAction> Actions = [.. from consent in Enum.GetValues<LinkConsent>()
        from owner in Enum.GetValues<CodeOwner>()
        from hasCode in (bool[])[false, true]
        from policy in Enum.GetValues<SignInPolicy>()
        select Rules.Single(rule => rule.Matches(consent, owner, hasCode, policy)).Action];

    /// <summary>Returns the action of the row that applies.</summary>
    internal static SignInAction ActionFor(LinkConsent consent, CodeOwner owner, bool userHasCode, SignInPolicy policy) =>
        Actions[(((((int)consent * Owners) + (int)owner) * 2) + (userHasCode ? 1 : 0)) * Policies + (int)policy];
}
