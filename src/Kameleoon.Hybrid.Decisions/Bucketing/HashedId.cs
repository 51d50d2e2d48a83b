using System.Buffers;
using System.Buffers.Binary;
using System.Globalization;
using System.Security.Cryptography;
using System.Text;

namespace Kameleoon.Hybrid.Decisions;

/// <summary>The encoded end of a hashed text: an id (and respool time) or a group's name, behind a visitor code.</summary>
internal readonly struct HashedId
{
    private const int StackBytes = 1024;

    private readonly byte[] _suffix;

    private HashedId(string text) => _suffix = Encoding.UTF8.GetBytes(text);

    /// <param name="id">The rule or experiment.</param>
    /// <param name="respoolTime">Moves all visitors when it changes; null and 0 add nothing to the text.</param>
    internal static HashedId Of(long id, long? respoolTime = null) => new(string.Create(
        CultureInfo.InvariantCulture,
        $"{id}{(respoolTime is 0 ? null : respoolTime)}"));

    internal static HashedId OfName(string name) => new(name);

    /// <summary>Places a code on the unit interval, both ends included.</summary>
    /// <remarks>
    /// SHA-256 of code and suffix as UTF-8, the first 16 bytes read as a fraction of one: bit for bit the double
    /// that the official JavaScript core computes from the whole digest.
    /// </remarks>
    internal double For(string code)
    {
        var capacity = Encoding.UTF8.GetMaxByteCount(code.Length) + _suffix.Length;
        byte[]? rented = null;
        var text = capacity <= StackBytes
            ? stackalloc byte[StackBytes]
            : rented = ArrayPool<byte>.Shared.Rent(capacity);

        var length = Encoding.UTF8.GetBytes(code, text);
        _suffix.CopyTo(text[length..]);
        length += _suffix.Length;

        Span<byte> digest = stackalloc byte[SHA256.HashSizeInBytes];
        SHA256.HashData(text[..length], digest);
        if (rented is not null)
        {
            ArrayPool<byte>.Shared.Return(rented);
        }

        return (double)BinaryPrimitives.ReadUInt128BigEndian(digest) / TwoToThe128;
    }

    private const double TwoToThe128 = 340282366920938463463374607431768211456.0;
}
