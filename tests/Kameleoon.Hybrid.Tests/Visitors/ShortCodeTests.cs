using System.Globalization;

namespace Kameleoon.Hybrid.Tests;

/// <summary>A short visitor code without an object stands for one text only.</summary>
public sealed class ShortCodeTests
{
    [Fact]
    public void Different_texts_are_different_codes()
    {
        string[] texts = ["", "a", "A", "b", "aa", "aaaaaaaa", "aaaaaaaaa", "aaaaaaaaaaaaaaaa", "aaaaaaaaaaaaaaab", "baaaaaaaaaaaaaaa"];

        texts.Select(Read).Distinct().Count().ShouldBe(texts.Length);
        texts.ShouldAllBe(text => Read(text) == Read(new string(text.ToCharArray())));
    }

    [Theory]
    [InlineData("aaaaaaaaaaaaaaaaa")]
    [InlineData("é")]
    [InlineData("日本")]
    [InlineData("a\0")]
    public void A_longer_text_or_another_character_is_no_short_code(string text) =>
        ShortCode.TryRead(text, out _).ShouldBeFalse();

    [Fact]
    public void Codes_that_were_chosen_to_have_one_hash_have_different_ones()
    {
        var hashes = Enumerable.Range(0, 1_000)
            .Select(static i => i.ToString("D4", CultureInfo.InvariantCulture))
            .Select(static four => Read(four + four + "abcdabcd").GetHashCode());

        hashes.Distinct().Count().ShouldBeGreaterThan(990);
    }

    private static ShortCode Read(string text)
    {
        ShortCode.TryRead(text, out var code).ShouldBeTrue();
        return code;
    }
}
