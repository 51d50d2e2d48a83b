namespace Kameleoon.Hybrid.EntityFrameworkCore.Tests;

/// <summary>The settings of a walk.</summary>
/// <param name="Seed">What repeats the walk.</param>
/// <param name="RequiresConsent">Whether the project requires consent.</param>
/// <param name="HasMapping">Whether the project has custom data that identifies a person.</param>
/// <param name="HasOutbox">Whether events are stored before they are sent.</param>
/// <param name="SignIn">What a sign-in does to a browser's code.</param>
/// <param name="SignOut">What a sign-out does.</param>
internal sealed record WalkRow(
    int Seed, bool RequiresConsent, bool HasMapping, bool HasOutbox, SignInPolicy SignIn, SignOutPolicy SignOut)
{
    /// <summary>Returns the settings of a seed: 48 seeds in a row have all combinations.</summary>
    internal static WalkRow Of(int seed) => new(
        seed,
        RequiresConsent: seed % 2 == 1,
        HasMapping: seed / 2 % 2 == 1,
        HasOutbox: seed / 4 % 2 == 1,
        SignIn: (SignInPolicy)(seed / 8 % 3),
        SignOut: (SignOutPolicy)(seed / 24 % 2));
}
