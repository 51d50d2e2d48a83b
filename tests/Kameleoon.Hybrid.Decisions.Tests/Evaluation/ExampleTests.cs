namespace Kameleoon.Hybrid.Decisions.Tests;

/// <summary>A whole site with every kind of field; five official SDKs agree on these results.</summary>
public sealed class ExampleTests
{
    private static readonly DataFile Site =
        DataFile.Parse(File.ReadAllBytes(Path.Combine(AppContext.BaseDirectory, "Examples", "data-file.json")));

    [Theory]
    [InlineData("u-1001", "off bm25 off tiered")]
    [InlineData("u-1002", "off off on tiered")]
    [InlineData("u-1003", "off off off standard")]
    [InlineData("u-1004", "off bm25 off standard")]
    [InlineData("u-1005", "off off off tiered")]
    [InlineData("u-1006", "off off on standard")]
    [InlineData("u-1008", "off off off standard")]
    [InlineData("staff-7", "one_page blend off tiered")]
    public void Visitors_without_data_get_what_the_official_SDKs_give(string code, string expected) =>
        Decide(new TestVisitor(code)).ShouldBe(expected);

    [Theory]
    [InlineData("u-1001", 0, "gold", null, "one_page bm25 off tiered")]
    [InlineData("u-1002", 0, "gold", null, "one_page off on tiered")]
    [InlineData("u-1004", 0, "gold", null, "one_page bm25 off standard")]
    [InlineData("u-1001", 0, "gold", DeviceType.Phone, "off bm25 off tiered")]
    [InlineData("u-1001", 3, "acct-A", null, "off bm25 off standard")]
    [InlineData("u-1002", 3, "acct-A", null, "off off on standard")]
    public void Visitors_with_data_get_what_the_official_SDKs_give(
        string code,
        int index,
        string value,
        DeviceType? device,
        string expected)
    {
        var visitor = new TestVisitor(code);
        visitor.Record.CustomData[index] = [value];
        visitor.Record.Device = device;

        Decide(visitor).ShouldBe(expected);
    }

    [Fact]
    public void A_held_out_visitor_is_assigned_in_the_holdout_alone()
    {
        var visitor = new TestVisitor("u-1003");

        Decide(visitor);

        visitor.Record.Assignments.ToDictionary(entry => entry.Key, entry => entry.Value.VariationId)
            .ShouldBe(new Dictionary<long, long> { [9000] = 9001 });
    }

    [Fact]
    public void A_variation_without_id_is_given_and_not_saved()
    {
        var visitor = new TestVisitor("u-1006");

        Decide(visitor).ShouldBe("off off on standard");

        visitor.Record.Assignments.ToDictionary(entry => entry.Key, entry => entry.Value.VariationId)
            .ShouldBe(new Dictionary<long, long> { [9000] = 9002, [7004] = 81007 }, ignoreOrder: true);
    }

    [Fact]
    public void A_disabled_flag_is_not_decided()
    {
        var decision = Site.Decide("legacy_banner", new TestVisitor("u-1001"));

        decision.IsDecided.ShouldBeFalse();
        decision.Variation.Reason.ShouldBe(DecisionReason.Disabled);
    }

    [Fact]
    public void Audiences_are_reported_in_file_order()
    {
        var golden = new TestVisitor("u-1002");
        golden.Record.CustomData[0] = ["gold"];

        Site.EvaluateAudiences(golden).ShouldBe([2001L]);
        Site.EvaluateAudiences(new TestVisitor("staff-7")).ShouldBe([2003L]);
        Site.EvaluateAudiences(new TestVisitor("u-1001")).ShouldBeEmpty();
    }

    [Fact]
    public void Nothing_in_it_deserves_a_warning() => Site.Warnings.ShouldBeEmpty();

    private static string Decide(TestVisitor visitor) => string.Join(' ', Site.Flags
        .Select(flag => visitor.Save(Site.Decide(flag, visitor)))
        .Where(decision => decision.IsDecided)
        .Select(decision => decision.Variation.Key));
}
