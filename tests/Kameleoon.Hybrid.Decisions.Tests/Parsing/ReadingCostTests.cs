using System.Globalization;
using System.Text;
using System.Text.Json.Nodes;

namespace Kameleoon.Hybrid.Decisions.Tests;

public sealed class ReadingCostTests
{
    [Fact]
    public void Reading_allocates_less_than_two_bytes_a_byte()
    {
        var json = Encoding.UTF8.GetBytes(Large().ToJsonString());
        DataFile.Parse(json);

        var before = GC.GetAllocatedBytesForCurrentThread();
        DataFile.Parse(json);
        var allocated = GC.GetAllocatedBytesForCurrentThread() - before;

        ((double)allocated / json.Length).ShouldBeLessThan(1.8);
    }

    [Fact]
    public void Texts_that_repeat_are_kept_once()
    {
        var flags = DataFile.Parse(Encoding.UTF8.GetBytes(Large().ToJsonString())).Flags;

        flags.Select(flag => flag.DefaultVariationKey).Distinct(ReferenceEqualityComparer.Instance).Count()
            .ShouldBe(flags.Select(flag => flag.DefaultVariationKey).Distinct(StringComparer.Ordinal).Count());
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
