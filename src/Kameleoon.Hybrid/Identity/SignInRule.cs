namespace Kameleoon.Hybrid;

/// <summary>One row of the <see cref="SignInTable"/>.</summary>
/// <param name="Consents">The states of consent that the row applies to.</param>
/// <param name="Owners">The owners of the browser's code that the row applies to.</param>
/// <param name="UserHasCode">Whether the user has a code already; null for both.</param>
/// <param name="Policies">The policies that the row applies to; empty for all.</param>
/// <param name="Action">What happens.</param>
internal sealed record SignInRule(
    LinkConsent[] Consents, CodeOwner[] Owners, bool? UserHasCode, SignInPolicy[] Policies, SignInAction Action)
{
    /// <summary>Whether the row applies to a combination.</summary>
    internal bool Matches(LinkConsent consent, CodeOwner owner, bool userHasCode, SignInPolicy policy) =>
        Array.IndexOf(Consents, consent) >= 0
        && Array.IndexOf(Owners, owner) >= 0
        && (UserHasCode is null || UserHasCode == userHasCode)
        && (Policies.Length == 0 || Array.IndexOf(Policies, policy) >= 0);
}
