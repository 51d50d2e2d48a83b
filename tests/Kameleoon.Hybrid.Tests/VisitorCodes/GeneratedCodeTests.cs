using System.Runtime.CompilerServices;

namespace Kameleoon.Hybrid.Tests;

/// <summary>New visitor codes: nobody can guess one, and no two visitors get the same.</summary>
public sealed class GeneratedCodeTests
{
    private const string Alphabet = "abcdefghijklmnopqrstuvwxyz0123456789";
    private const int Count = 1_000_000;

    [Fact]
    public void A_million_from_many_threads_are_well_formed_and_all_different()
    {
        var codes = Generate();

        codes.ShouldAllBe(code => code.Length == 16 && code.All(letter => char.IsAsciiLetterLower(letter) || char.IsAsciiDigit(letter)));
        codes.Distinct(StringComparer.Ordinal).Count().ShouldBe(Count);
    }

    [Fact]
    public void Every_letter_is_as_likely_as_any_other_at_every_place()
    {
        var codes = Generate();

        for (var place = 0; place < 16; place++)
        {
            var counts = new int[Alphabet.Length];
            foreach (var code in codes)
            {
                counts[Alphabet.IndexOf(code[place], StringComparison.Ordinal)]++;
            }

            // 35 degrees of freedom: chance exceeds 150 less than once in 10^13 runs. What is left by dividing unchecked
            // bytes, the usual mistake, gives about 1,950.
            var expected = (double)Count / Alphabet.Length;
            counts.Sum(count => Math.Pow(count - expected, 2) / expected).ShouldBeLessThan(150, $"at place {place}");
        }
    }

    [Fact]
    public void A_random_byte_is_wiped_when_it_is_taken()
    {
        var bytes = new SecureBytes();
        bytes.Below(256);
        for (var i = 0; i < 100; i++)
        {
            bytes.Below(36);
        }

        // At least a hundred are taken and, of thousands left, few are zero by chance.
        Bytes(bytes).AsSpan(0, 101).ContainsAnyExcept((byte)0).ShouldBeFalse();
        Bytes(bytes).Count(left => left != 0).ShouldBeGreaterThan(1000);
    }

    [Fact]
    public void A_code_costs_the_memory_of_its_text()
    {
        VisitorCode.Generate();

        var before = GC.GetAllocatedBytesForCurrentThread();
        for (var i = 0; i < 1000; i++)
        {
            VisitorCode.Generate();
        }

        (GC.GetAllocatedBytesForCurrentThread() - before).ShouldBe(1000 * 56);
    }

    private static string[] Generate()
    {
        var codes = new string[Count];
        Parallel.For(0, Count, new ParallelOptions { MaxDegreeOfParallelism = 16 }, i => codes[i] = VisitorCode.Generate());
        return codes;
    }

    [UnsafeAccessor(UnsafeAccessorKind.Field, Name = "_bytes")]
    private static extern ref byte[] Bytes(SecureBytes bytes);
}
