using System.Buffers.Text;
using System.Security.Cryptography;
using System.Text;
using Microsoft.Extensions.Options;

namespace Kameleoon.Hybrid;

/// <summary>Turns user ids into the keys under which the store keeps users: a keyed hash, or the id itself.</summary>
internal sealed class UserKeys(IOptions<KameleoonOptions> options)
{
    internal const int MaxLength = 1000;

    // An index of PostgreSQL takes rows of up to 2,704 bytes, and plain ids may be stored.
    private const int MaxSize = 2000;

    private readonly byte[]? _secret = options.Value.Identity is { StorePlainUserIds: false, HashKey: { } key }
        ? Encoding.UTF8.GetBytes(key)
        : null;

    /// <summary>Whether a text can be a user id. Unpaired surrogates are rejected, because all of them have the same hash.</summary>
    internal static bool IsValid(ReadOnlySpan<char> userId)
    {
        if (userId.Length is 0 or > MaxLength || Encoding.UTF8.GetByteCount(userId) > MaxSize)
        {
            return false;
        }

        while (!userId.IsEmpty)
        {
            if (Rune.DecodeFromUtf16(userId, out var rune, out var length) != System.Buffers.OperationStatus.Done
                || Rune.IsControl(rune))
            {
                return false;
            }

            userId = userId[length..];
        }

        return true;
    }

    internal string Of(string userId) => _secret is null
        ? userId
        : Base64Url.EncodeToString(HMACSHA256.HashData(_secret, Encoding.UTF8.GetBytes(userId)));
}
