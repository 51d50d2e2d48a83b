namespace Kameleoon.Hybrid.Tests;

/// <summary>The texts of visitor codes that requests had lately.</summary>
public sealed class RecentCodesTests
{
    [Fact]
    public void A_code_that_comes_again_has_the_same_text()
    {
        var first = RecentCodes.TextOf("vc10ctbql0zpf4rw");

        RecentCodes.TextOf("vc10ctbql0zpf4rw".ToCharArray()).ShouldBeSameAs(first);
        first.ShouldBe("vc10ctbql0zpf4rw");
    }

    [Fact]
    public void Each_of_many_codes_has_its_own_characters_although_they_share_places()
    {
        var codes = Enumerable.Range(0, 50_000).Select(static number => $"v{number}").ToArray();

        codes.ShouldAllBe(code => RecentCodes.TextOf(code.ToCharArray()) == code);
        codes.ShouldAllBe(code => RecentCodes.TextOf(code.ToCharArray()) == code);
    }

    [Fact]
    public void A_long_code_is_not_kept()
    {
        var code = new string('v', 200);

        RecentCodes.TextOf(code).ShouldBe(code);
        RecentCodes.TextOf(code).ShouldNotBeSameAs(RecentCodes.TextOf(code));
    }

    [Fact]
    public void A_text_that_is_no_code_stays_none_although_it_comes_again()
    {
        RecentCodes.TextOf("a<b").ShouldBeNull();
        RecentCodes.TextOf("a<b").ShouldBeNull();
        RecentCodes.TextOf(new string('<', 200)).ShouldBeNull();
    }
}
