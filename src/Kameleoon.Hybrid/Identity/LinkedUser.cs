namespace Kameleoon.Hybrid;

/// <summary>What this process remembers of a user.</summary>
/// <param name="userId">The user, as the application knows it.</param>
/// <param name="key">The user, as the store does.</param>
/// <param name="code">The user's visitor code, or null while there is none.</param>
/// <param name="expires">The timestamp from which the store is asked again.</param>
internal sealed class LinkedUser(string userId, string key, string? code, long expires)
{
    private const int MaxCodes = 16;

    // Codes of browsers the user came with, and whether each is the user's, or nobody's: replaced as a whole by
    // compare-and-swap.
    private KeyValuePair<string, bool?>[] _codes = [];

    internal string UserId => userId;

    internal string Key => key;

    internal string? Code => code;

    internal long Expires => expires;

    /// <summary>Whether a code is the user's, or null when it was nobody's, or nobody has asked the store.</summary>
    internal bool? Owns(string other)
    {
        if (string.Equals(code, other, StringComparison.Ordinal))
        {
            return true;
        }

        foreach (var (known, isOwn) in Volatile.Read(ref _codes))
        {
            if (string.Equals(known, other, StringComparison.Ordinal))
            {
                return isOwn;
            }
        }

        return null;
    }

    /// <summary>Whether the store was asked whose a code is.</summary>
    internal bool HasAsked(string other) =>
        Owns(other) is not null
        || Volatile.Read(ref _codes).Any(known => string.Equals(known.Key, other, StringComparison.Ordinal));

    /// <summary>Remembers whose another code is; null for nobody's.</summary>
    internal void Note(string other, bool? isOwn)
    {
        while (true)
        {
            var codes = Volatile.Read(ref _codes);
            if (isOwn is null ? HasAsked(other) : Owns(other) is not null)
            {
                return;
            }

            var others = Array.FindAll(codes, known => !string.Equals(known.Key, other, StringComparison.Ordinal));
            KeyValuePair<string, bool?>[] changed =
                [.. others.AsSpan(others.Length < MaxCodes ? 0 : 1), KeyValuePair.Create(other, isOwn)];
            if (ReferenceEquals(Interlocked.CompareExchange(ref _codes, changed, codes), codes))
            {
                return;
            }
        }
    }
}
