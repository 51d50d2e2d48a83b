using System.Buffers;
using System.Buffers.Binary;
using System.Text.Unicode;

namespace Kameleoon.Hybrid.Decisions;

/// <summary>A visitor's code, encoded once for all the ids it is hashed with.</summary>
internal readonly ref struct CodeBlock
{
    private readonly Span<byte> _block;

    /// <param name="buffer">At least <see cref="Sha256Block.Size"/> bytes, for one text after the other.</param>
    /// <param name="code">The visitor code or what stands for it.</param>
    internal CodeBlock(Span<byte> buffer, string code)
    {
        _block = buffer[..Sha256Block.Size];
        Code = code;
        Length = Utf8.FromUtf16(code, _block, out _, out var length) == OperationStatus.Done
            ? length
            : Sha256Block.Size;
    }

    internal string Code { get; }

    /// <summary>The encoded length; a code that fills the block is not measured beyond it.</summary>
    internal int Length { get; }

    internal bool Fits(HashedId id) => Length + id.Length < Sha256Block.Size - sizeof(ulong);

    /// <summary>The padded text of code and id, which the next call overwrites.</summary>
    internal ReadOnlySpan<byte> With(HashedId id)
    {
        id.Tail[..(Sha256Block.Size - Length)].CopyTo(_block[Length..]);
        BinaryPrimitives.WriteInt64BigEndian(_block[^sizeof(ulong)..], (Length + id.Length) * 8L);
        return _block;
    }
}
