namespace Kameleoon.Hybrid;

/// <summary>The cached link of a user. Safe for concurrent use.</summary>
/// <param name="userId">The user's id in the application.</param>
/// <param name="key">The user's key in the store.</param>
/// <param name="code">The user's own visitor code, or null while there is none.</param>
/// <param name="expires">The timestamp from which the store is asked again.</param>
internal sealed class LinkedUser(string userId, string key, string? code, long expires)
{
    private const int MaxCodes = 16;

    // The owners of codes that browsers of the user sent. Replaced as a whole by compare-and-swap.
    private KeyValuePair<string, CodeOwner>[] _owners = [];

    internal string UserId => userId;

    internal string Key => key;

    internal string? Code => code;

    internal long Expires => expires;

    /// <summary>Returns the owner of a code, or <see cref="CodeOwner.NotAsked"/> when the store was not asked or its answer
    /// is forgotten.</summary>
    internal CodeOwner OwnerOf(string other)
    {
        if (string.Equals(code, other, StringComparison.Ordinal))
        {
            return CodeOwner.ThisUser;
        }

        foreach (var (known, owner) in Volatile.Read(ref _owners))
        {
            if (string.Equals(known, other, StringComparison.Ordinal))
            {
                return owner;
            }
        }

        return CodeOwner.NotAsked;
    }

    /// <summary>Remembers the owner of a code. A user who has the code keeps it, whatever an older answer says.</summary>
    internal void Note(string other, CodeOwner owner)
    {
        while (true)
        {
            var owners = Volatile.Read(ref _owners);
            if (OwnerOf(other) is var known && known != CodeOwner.NotAsked && (known != CodeOwner.NoUser || owner == known))
            {
                return;
            }

            var others = Array.FindAll(owners, entry => !string.Equals(entry.Key, other, StringComparison.Ordinal));
            KeyValuePair<string, CodeOwner>[] changed =
                [.. others.AsSpan(others.Length < MaxCodes ? 0 : 1), KeyValuePair.Create(other, owner)];
            if (ReferenceEquals(Interlocked.CompareExchange(ref _owners, changed, owners), owners))
            {
                return;
            }
        }
    }
}
