namespace Kameleoon.Hybrid;

/// <summary>What a browser sent of the visitor's cookies.</summary>
/// <param name="Code">The first valid visitor code, or null.</param>
/// <param name="HasInvalid">Whether a value before it was no visitor code.</param>
/// <param name="HasSeveral">Whether there is more than one cookie for the code.</param>
/// <param name="HasStamp">Whether there is a stamp.</param>
/// <param name="HasFreshStamp">Whether a stamp says that this server wrote the code lately, to a visitor who had not refused
/// consent.</param>
internal readonly record struct SentCookies(
    string? Code, bool HasInvalid, bool HasSeveral, bool HasStamp, bool HasFreshStamp);
