using System.Globalization;

namespace Kameleoon.Hybrid;

/// <summary>Identifies a repeated conversion: the goal, the sign and the application's id.</summary>
internal readonly record struct ConversionKey(int GoalId, bool Negative, string Id)
{
    /// <summary>The longest id.</summary>
    internal const int MaxIdLength = 100;

    /// <summary>Returns the nonce of a visitor's conversion. It is the same after a restart and on every server, so
    /// that the platform recognises a repeated conversion.</summary>
    internal ulong NonceFor(string visitorCode) => RequestNonces.NonceOf(
        string.Create(CultureInfo.InvariantCulture, $"{visitorCode}\n{GoalId}\n{Negative}\n{Id}"));
}
