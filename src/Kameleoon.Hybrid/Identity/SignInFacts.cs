namespace Kameleoon.Hybrid;

/// <summary>What is known about a signed-in user's request before the user's link is known.</summary>
/// <param name="Browser">The visitor code that the request has without the sign-in.</param>
/// <param name="Consent">Whether the request's code may be linked.</param>
/// <param name="Policy">The policy in force for the request.</param>
internal readonly record struct SignInFacts(ResolvedVisitorCode Browser, LinkConsent Consent, SignInPolicy Policy)
{
    /// <summary>Whether consent allows to link the request's code.</summary>
    internal bool HasAgreed => Consent >= LinkConsent.InheritedFromCode;

    /// <summary>Whether the browser's code can be linked later, when the store is unavailable now.</summary>
    internal bool CanLinkLater =>
        HasAgreed && Browser.Source != VisitorCodeSource.Generated && VisitorCode.IsReported(Browser.Code);

    /// <summary>Returns the owner of the browser's code.</summary>
    internal CodeOwner OwnerFor(LinkedUser user) => user.OwnerOf(Browser.Code) switch
    {
        CodeOwner.ThisUser => CodeOwner.ThisUser,
        _ when Browser.Source == VisitorCodeSource.Generated => CodeOwner.NoCode,
        _ when !VisitorCode.IsReported(Browser.Code) => CodeOwner.TooLong,
        var owner => owner,
    };

    /// <summary>Returns what happens to the request's code.</summary>
    internal SignInAction ActionFor(LinkedUser user) =>
        SignInTable.ActionFor(Consent, OwnerFor(user), user.Code is not null, Policy);

    /// <summary>Returns the request's code after an action that needs neither the store nor other data.</summary>
    /// <returns>False when the action needs more.</returns>
    internal bool TryApply(SignInAction action, LinkedUser user, out ResolvedVisitorCode resolved)
    {
        resolved = action switch
        {
            SignInAction.UseAsUserCode => Browser with { Source = VisitorCodeSource.Linked },
            SignInAction.AdoptUserCode => Adopt(user),
            _ => Browser,
        };
        return action is SignInAction.KeepBrowserCode or SignInAction.UseAsUserCode or SignInAction.AdoptUserCode;
    }

    /// <summary>Returns the user's own code in place of the browser's.</summary>
    internal ResolvedVisitorCode Adopt(LinkedUser user) => Browser with
    {
        Code = user.Code!,
        Source = VisitorCodeSource.Linked,
        InCookie = false,
        Former = OwnerFor(user) == CodeOwner.ThisUserMerged ? Browser.Code : null,
    };
}
