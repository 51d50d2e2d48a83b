using System.Globalization;
using System.Text;
using System.Text.Json.Nodes;
using Kameleoon.Hybrid.Benchmarks;

namespace Kameleoon.Hybrid.Decisions.Tests;

public sealed class ReadingCostTests
{
    [Theory]
    [InlineData(1_000_000)]
    [InlineData(10_000_000)]
    public void Reading_allocates_less_than_one_byte_a_byte(int length) =>
        AllocatedPerByte(SampleDataFile.Of(length)).ShouldBeLessThan(1);

    [Fact]
    public void Reading_many_short_flags_allocates_little_more() =>
        AllocatedPerByte(Encoding.UTF8.GetBytes(Large().ToJsonString())).ShouldBeLessThan(1.2);

    [Fact]
    public void Texts_that_repeat_are_kept_once()
    {
        var flags = DataFile.Parse(Encoding.UTF8.GetBytes(Large().ToJsonString())).Flags;

        flags.Select(flag => flag.DefaultVariationKey).Distinct(ReferenceEqualityComparer.Instance).Count()
            .ShouldBe(flags.Select(flag => flag.DefaultVariationKey).Distinct(StringComparer.Ordinal).Count());
    }

    [Fact]
    public void Texts_with_escapes_that_repeat_are_kept_once()
    {
        var flags = DataFile.Parse("""
            { "featureFlags": [
              { "id": 1, "featureKey": "one", "defaultVariationKey": "\"quoted\"" },
              { "id": 2, "featureKey": "two", "defaultVariationKey": "\u0022quoted\"" }] }
            """u8).Flags;

        flags[0].DefaultVariationKey.ShouldBe("\"quoted\"");
        flags[1].DefaultVariationKey.ShouldBeSameAs(flags[0].DefaultVariationKey);
    }

    private static double AllocatedPerByte(byte[] json)
    {
        DataFile.Parse(json);

        var before = GC.GetAllocatedBytesForCurrentThread();
        DataFile.Parse(json);
        return (double)(GC.GetAllocatedBytesForCurrentThread() - before) / json.Length;
    }

    private static JsonNode Large()
    {
        var site = JsonNode.Parse(File.ReadAllBytes(Path.Combine(AppContext.BaseDirectory, "Examples", "data-file.json")))!;

        // What the framework allocates for a regular expression is another matter.
        site["segments"]!.AsArray().RemoveAt(2);
        foreach (var list in new[] { site["featureFlags"]!.AsArray(), site["segments"]!.AsArray() })
        {
            foreach (var (original, copy) in list.ToArray().SelectMany(item => Enumerable.Range(1, 100).Select(i => (item!, i))))
            {
                var item = original.DeepClone();
                item["id"] = original["id"]!.GetValue<long>() + (copy * 100_000);
                item["featureKey"] = string.Create(CultureInfo.InvariantCulture, $"{original["featureKey"]}_{copy}");
                list.Add(item);
            }
        }

        return site;
    }
}
