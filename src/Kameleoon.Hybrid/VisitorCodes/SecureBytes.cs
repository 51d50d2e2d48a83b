using System.Runtime.CompilerServices;
using System.Security.Cryptography;

namespace Kameleoon.Hybrid;

/// <summary>Secure random bytes, fetched in blocks, because a system call for each number is slow.</summary>
/// <remarks>Each thread has its own block. A byte is erased when it is used, so that memory does not reveal earlier
/// numbers.</remarks>
internal sealed class SecureBytes
{
    private const int Size = 4096;

    [ThreadStatic]
    private static SecureBytes? _ofThread;

    // Pinned, so that the garbage collector leaves no copies behind.
    private readonly byte[] _bytes = GC.AllocateArray<byte>(Size, pinned: true);
    private int _next = Size;

    /// <summary>The bytes of this thread. Use them before anything is awaited.</summary>
    internal static SecureBytes OfThread => _ofThread ??= new SecureBytes();

    /// <summary>Draws a number below a limit, each as likely as any other.</summary>
    /// <param name="limit">1 to 256.</param>
    [MethodImpl(MethodImplOptions.AggressiveInlining)] // With a constant limit no division is left.
    internal int Below(int limit)
    {
        // The bytes above the last whole multiple of the limit would make some numbers likelier.
        var fair = 256 - (256 % limit);
        int drawn;
        do
        {
            drawn = Take();
        }
        while (drawn >= fair);

        return drawn % limit;
    }

    /// <summary>Draws a number of 64 bits.</summary>
    internal ulong NextUInt64()
    {
        if (_next > Size - sizeof(ulong))
        {
            Refill();
        }

        var place = _bytes.AsSpan(_next, sizeof(ulong));
        var drawn = BitConverter.ToUInt64(place);
        place.Clear();
        _next += sizeof(ulong);
        return drawn;
    }

    private byte Take()
    {
        if (_next == Size)
        {
            Refill();
        }

        ref var place = ref _bytes[_next++];
        var taken = place;
        place = 0;
        return taken;
    }

    private void Refill()
    {
        RandomNumberGenerator.Fill(_bytes);
        _next = 0;
    }
}
