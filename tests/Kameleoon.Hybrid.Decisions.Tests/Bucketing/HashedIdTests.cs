namespace Kameleoon.Hybrid.Decisions.Tests;

public sealed class HashedIdTests
{
    [Theory]
    [InlineData("visitor-001", 100, null, 0.8844826646678811)]
    [InlineData("visitor-001", 200, 1700000000L, 0.5261368154464148)]
    [InlineData("visitor-001", 200, 0L, 0.8854542352665705)]
    [InlineData("visitor-001", -5, null, 0.08885277112547559)]
    [InlineData("zoé", 42, null, 0.7016434009773179)]
    [InlineData("訪問者", 42, null, 0.8269653769862071)]
    [InlineData("", 0, null, 0.3747088552916311)]
    public void A_hash_is_that_of_the_official_core(string code, long id, long? respoolTime, double expected) =>
        HashedId.Of(id, respoolTime).For(code).ShouldBe(expected);

    [Fact]
    public void The_name_of_a_group_is_hashed_as_it_stands() =>
        HashedId.OfName("CHECKOUT-GROUP").For("visitor-001").ShouldBe(0.03449768963942565);

    [Fact]
    public void Every_length_of_code_has_a_hash_whatever_its_characters()
    {
        var hash = HashedId.Of(long.MinValue, long.MinValue);
        for (var length = 1; length <= 255; length++)
        {
            foreach (var unit in "a é訪\ud800\udc00\0")
            {
                hash.For(new string(unit, length)).ShouldBeInRange(0, 1);
            }
        }
    }

    [Fact]
    public void Half_a_surrogate_pair_hashes_as_the_replacement_character() =>
        HashedId.Of(1).For("a\ud800").ShouldBe(HashedId.Of(1).For("a\ufffd"));

    [Fact]
    public void A_text_of_any_length_is_hashed() =>
        HashedId.OfName(new string('n', 100_000)).For(new string('c', 100_000)).ShouldBeInRange(0, 1);
}
