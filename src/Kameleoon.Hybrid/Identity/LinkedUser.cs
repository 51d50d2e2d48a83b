namespace Kameleoon.Hybrid;

/// <summary>What this process remembers of a user.</summary>
/// <param name="userId">The user, as the application knows it.</param>
/// <param name="key">The user, as the store does.</param>
/// <param name="code">The user's visitor code, or null while there is none.</param>
/// <param name="expires">The timestamp from which the store is asked again.</param>
internal sealed class LinkedUser(string userId, string key, string? code, long expires)
{
    private const int MaxCodes = 16;

    // Codes of browsers the user came with, and whether each is the user's: replaced as a whole by compare-and-swap.
    private KeyValuePair<string, bool>[] _codes = [];

    internal string UserId => userId;

    internal string Key => key;

    internal string? Code => code;

    internal long Expires => expires;

    /// <summary>Whether a code is the user's, or null when nobody has asked the store.</summary>
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

    /// <summary>Remembers whose another code is.</summary>
    internal void Note(string other, bool isOwn)
    {
        while (true)
        {
            var codes = Volatile.Read(ref _codes);
            if (Owns(other) is not null)
            {
                return;
            }

            KeyValuePair<string, bool>[] changed =
                [.. codes.AsSpan(codes.Length < MaxCodes ? 0 : 1), KeyValuePair.Create(other, isOwn)];
            if (ReferenceEquals(Interlocked.CompareExchange(ref _codes, changed, codes), codes))
            {
                return;
            }
        }
    }
}
