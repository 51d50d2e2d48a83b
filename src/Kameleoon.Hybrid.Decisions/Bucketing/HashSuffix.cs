using System.Buffers;
using System.Buffers.Binary;
using System.Globalization;
using System.Security.Cryptography;
using System.Text;

namespace Kameleoon.Hybrid.Decisions;

/// <summary>The part of a hashed text that follows the code: an id with its respool time, or a group's name.</summary>
internal readonly struct HashSuffix
{
    private const int StackBytes = 1024;

    /// <summary>The digits of a 64-bit number, with its sign.</summary>
    private const int MaxDigits = 20;

    private const byte PaddingStart = 0x80;
    private const double TwoToThe128 = 340282366920938463463374607431768211456.0;

    private readonly byte[] _tail;

    private HashSuffix(ReadOnlySpan<byte> text)
    {
        Length = text.Length;
        _tail = new byte[Math.Max(Sha256Block.Size, Length + 1)];
        text.CopyTo(_tail);
        _tail[Length] = PaddingStart;
    }

    internal int Length { get; }

    /// <summary>The suffix, then padding to the size of a block, so that one copy completes any block.</summary>
    internal ReadOnlySpan<byte> Tail => _tail;

    /// <summary>The suffix of a rule or experiment.</summary>
    /// <param name="id">The id of the rule or experiment.</param>
    /// <param name="respoolTime">The time of the last redistribution; a change redistributes all visitors. Null and 0
    /// add nothing.</param>
    internal static HashSuffix OfId(long id, long? respoolTime = null)
    {
        Span<byte> text = stackalloc byte[2 * MaxDigits];
        id.TryFormat(text, out var length, provider: CultureInfo.InvariantCulture);
        if (respoolTime is { } time and not 0)
        {
            time.TryFormat(text[length..], out var more, provider: CultureInfo.InvariantCulture);
            length += more;
        }

        return new HashSuffix(text[..length]);
    }

    /// <summary>The suffix of an exclusive group.</summary>
    internal static HashSuffix OfName(string name) => new(Encoding.UTF8.GetBytes(name));

    /// <summary>Hashes a code with this suffix to a number from 0 to 1, both included.</summary>
    /// <remarks>
    /// SHA-256 of code and suffix as UTF-8, the first 16 bytes read as a fraction of one: bit for bit the double
    /// that the official JavaScript core computes from the whole digest.
    /// </remarks>
    internal double Hash(string code) => Hash(new CodeBlock(stackalloc byte[Sha256Block.Size], code));

    /// <summary>Hashes an encoded code with this suffix to a number from 0 to 1, both included.</summary>
    internal double Hash(in CodeBlock code) => Sha256Block.IsWorthwhile && code.Fits(this)
        ? ToUnitInterval(Sha256Block.Digest(code.Append(this)))
        : HashLong(code.Code);

    /// <summary>Computes two hashes of one visitor, faster than one after the other where the machine allows.</summary>
    internal static (double First, double Second) HashPair(in CodeBlock code, HashSuffix first, HashSuffix second)
    {
        if (!Sha256Pair.IsWorthwhile || !code.Fits(first) || !code.Fits(second))
        {
            return (first.Hash(code), second.Hash(code));
        }

        Span<byte> text = stackalloc byte[Sha256Block.Size];
        code.Append(first).CopyTo(text);
        var (one, other) = Sha256Pair.Digest(text, code.Append(second));
        return (ToUnitInterval(one), ToUnitInterval(other));
    }

    /// <summary>Computes many hashes of one visitor at once.</summary>
    /// <param name="code">The encoded code of the visitor.</param>
    /// <param name="ids">The suffixes to hash the code with.</param>
    /// <param name="results">Receives the hashes, 0 to 1, in the order of the suffixes.</param>
    internal static void HashAll(in CodeBlock code, ReadOnlySpan<HashSuffix> ids, Span<double> results)
    {
        while (!ids.IsEmpty)
        {
            var done = HashBatch.HashNext(code, ids, results);
            ids = ids[done..];
            results = results[done..];
        }
    }

    /// <summary>Converts the first 128 bits of a digest to a number from 0 to 1.</summary>
    internal static double ToUnitInterval(UInt128 digest) => (double)digest / TwoToThe128;

    /// <summary>Hashes a text of any length with the framework's SHA-256.</summary>
    internal double HashLong(string code)
    {
        var suffix = Tail[..Length];
        var capacity = Encoding.UTF8.GetMaxByteCount(code.Length) + suffix.Length;
        byte[]? rented = null;
        var text = capacity <= StackBytes
            ? stackalloc byte[StackBytes]
            : rented = ArrayPool<byte>.Shared.Rent(capacity);

        var length = Encoding.UTF8.GetBytes(code, text);
        suffix.CopyTo(text[length..]);
        length += suffix.Length;

        Span<byte> digest = stackalloc byte[SHA256.HashSizeInBytes];
        SHA256.HashData(text[..length], digest);
        if (rented is not null)
        {
            ArrayPool<byte>.Shared.Return(rented);
        }

        return ToUnitInterval(BinaryPrimitives.ReadUInt128BigEndian(digest));
    }
}
