using System.Buffers;
using System.Buffers.Binary;
using System.Text.Unicode;

namespace Kameleoon.Hybrid.Decisions;

/// <summary>A visitor's code, encoded once as the start of a SHA-256 block; hash suffixes are appended to it.</summary>
internal readonly ref struct CodeBlock
{
    private readonly Span<byte> _block;

    /// <param name="buffer">At least <see cref="Sha256Block.Size"/> bytes, reused for each suffix.</param>
    /// <param name="code">The visitor code, or another code that is hashed instead.</param>
    internal CodeBlock(Span<byte> buffer, string code)
    {
        _block = buffer[..Sha256Block.Size];
        Code = code;
        Length = Utf8.FromUtf16(code, _block, out _, out var length) == OperationStatus.Done
            ? length
            : Sha256Block.Size;
    }

    internal string Code { get; }

    /// <summary>The encoded length in bytes, at most the size of the block.</summary>
    internal int Length { get; }

    /// <summary>Whether code, suffix and padding fit one block.</summary>
    internal bool Fits(HashSuffix suffix) => Length + suffix.Length < Sha256Block.Size - sizeof(ulong);

    /// <summary>Returns the padded block of code and suffix; the next call overwrites it.</summary>
    internal ReadOnlySpan<byte> Append(HashSuffix suffix)
    {
        suffix.Tail[..(Sha256Block.Size - Length)].CopyTo(_block[Length..]);
        BinaryPrimitives.WriteInt64BigEndian(_block[^sizeof(ulong)..], (Length + suffix.Length) * 8L);
        return _block;
    }
}
