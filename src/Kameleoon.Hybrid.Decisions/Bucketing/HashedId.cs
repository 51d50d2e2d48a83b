using System.Buffers;
using System.Buffers.Binary;
using System.Globalization;
using System.Security.Cryptography;
using System.Text;

namespace Kameleoon.Hybrid.Decisions;

/// <summary>The encoded end of a hashed text: an id (and respool time) or a group's name, behind a code.</summary>
internal readonly struct HashedId
{
    private const int StackBytes = 1024;

    /// <summary>Of a 64-bit number with its sign.</summary>
    private const int MaxDigits = 20;

    private const byte PaddingStart = 0x80;
    private const double TwoToThe128 = 340282366920938463463374607431768211456.0;

    private readonly byte[] _tail;

    private HashedId(ReadOnlySpan<byte> text)
    {
        Length = text.Length;
        _tail = new byte[Math.Max(Sha256Block.Size, Length + 1)];
        text.CopyTo(_tail);
        _tail[Length] = PaddingStart;
    }

    internal int Length { get; }

    /// <summary>The text, then padding for a whole block, so that a tail is one copy wherever it starts.</summary>
    internal ReadOnlySpan<byte> Tail => _tail;

    /// <param name="id">The rule or experiment.</param>
    /// <param name="respoolTime">Moves all visitors when it changes; null and 0 add nothing to the text.</param>
    internal static HashedId Of(long id, long? respoolTime = null)
    {
        Span<byte> text = stackalloc byte[2 * MaxDigits];
        id.TryFormat(text, out var length, provider: CultureInfo.InvariantCulture);
        if (respoolTime is { } time and not 0)
        {
            time.TryFormat(text[length..], out var more, provider: CultureInfo.InvariantCulture);
            length += more;
        }

        return new HashedId(text[..length]);
    }

    internal static HashedId OfName(string name) => new(Encoding.UTF8.GetBytes(name));

    /// <summary>Places a code on the unit interval, both ends included.</summary>
    /// <remarks>
    /// SHA-256 of code and suffix as UTF-8, the first 16 bytes read as a fraction of one: bit for bit the double
    /// that the official JavaScript core computes from the whole digest.
    /// </remarks>
    internal double For(string code) => For(new CodeBlock(stackalloc byte[Sha256Block.Size], code));

    internal double For(in CodeBlock code) => Sha256Block.IsWorthwhile && code.Fits(this)
        ? Fraction(Sha256Block.Digest(code.With(this)))
        : ForLong(code.Code);

    /// <summary>Two hashes of one visitor, which cost less together.</summary>
    internal static (double First, double Second) ForBoth(in CodeBlock code, HashedId first, HashedId second)
    {
        if (!Sha256Pair.IsWorthwhile || !code.Fits(first) || !code.Fits(second))
        {
            return (first.For(code), second.For(code));
        }

        Span<byte> text = stackalloc byte[Sha256Block.Size];
        code.With(first).CopyTo(text);
        var (one, other) = Sha256Pair.Digest(text, code.With(second));
        return (Fraction(one), Fraction(other));
    }

    /// <summary>Many hashes of one visitor, which cost a fraction each.</summary>
    /// <param name="code">The visitor.</param>
    /// <param name="ids">What to hash the code with.</param>
    /// <param name="results">Receives the places on the unit interval, in the order of the ids.</param>
    internal static void ForAll(in CodeBlock code, ReadOnlySpan<HashedId> ids, Span<double> results)
    {
        while (!ids.IsEmpty)
        {
            var done = HashBatch.Next(code, ids, results);
            ids = ids[done..];
            results = results[done..];
        }
    }

    internal static double Fraction(UInt128 digest) => (double)digest / TwoToThe128;

    /// <summary>By the framework, which takes a text of any length.</summary>
    internal double ForLong(string code)
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

        return Fraction(BinaryPrimitives.ReadUInt128BigEndian(digest));
    }
}
