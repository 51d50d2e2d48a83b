using System.IO.Compression;
using System.Text;
using System.Text.Json;
using Microsoft.Extensions.DependencyInjection;

namespace Kameleoon.Hybrid.Sandbox.Tests;

/// <summary>Which parts of the engine a project gets.</summary>
public sealed class EngineAddOnTests
{
    private static readonly EngineExperiment Live = new(5, "live") { Kind = "web", Tags = ["LIVE-UPDATE"], SegmentId = 1 };

    public static TheoryData<string, object> Projects => new()
    {
        { "cross-domain", new EngineConfiguration { CrossDomains = ["shop.test", "pay.test"] } },
        { "live-update", new EngineConfiguration { Experiments = [Live] } },
        { "live-update", new EngineConfiguration { LiveUpdate = true } },
        { "needs", new EngineConfiguration { Needs = new EngineNeeds(Ip: true) } },
        { "needs", new EngineConfiguration { Segments = [Segment(1, "s", """{ "targetingType": "AD_BLOCKER" }""")] } },
        { "opportunities", new EngineConfiguration { Opportunities = true } },
        { "recommendations", new EngineConfiguration { Recommendations = true } },
        { "server-cookie", new EngineConfiguration { SyncUrl = "/sync" } },
    };

    [Theory]
    [MemberData(nameof(Projects))]
    public async Task An_add_on_is_part_of_the_engine_only_where_the_project_uses_it(string name, object project)
    {
        await using var plain = await StartAsync(new EngineConfiguration());
        await using var site = await StartAsync((EngineConfiguration)project);

        (await plain.TextAsync("engine.js")).ShouldNotContain("\"addOns\"");
        (await site.TextAsync("engine.js")).ShouldContain($"\"addOns\":{{\"{name}\":(()=>");
    }

    [Fact]
    public async Task Segments_that_can_arrive_later_may_have_conditions_that_the_cached_engine_has_to_know()
    {
        foreach (var project in new EngineConfiguration[] { new() { LiveUpdate = true }, new() { Experiments = [Live] }, new() { Opportunities = true } })
        {
            await using var site = await StartAsync(project);

            (await site.TextAsync("engine.js")).ShouldContain(",\"needs\":(()=>");
        }
    }

    [Fact]
    public async Task The_engine_with_every_add_on_stays_below_25_kB_compressed()
    {
        await using var site = await StartAsync(new EngineConfiguration
        {
            CrossDomains = ["shop.test", "pay.test"],
            LiveUpdate = true,
            Needs = new EngineNeeds(Ip: true),
            Opportunities = true,
            Recommendations = true,
            SyncUrl = "/sync",
        });

        var engine = Encoding.UTF8.GetBytes(await site.TextAsync("engine.js"));

        using var compressed = new MemoryStream();
        using (var gzip = new GZipStream(compressed, CompressionLevel.SmallestSize, leaveOpen: true))
        {
            await gzip.WriteAsync(engine);
        }

        compressed.Length.ShouldBeLessThan(25_000);
    }

    [Fact]
    public async Task Opportunity_segments_are_young_and_not_for_tests_and_the_engine_has_those_of_campaigns()
    {
        static long DaysAgo(int days) => DateTimeOffset.UtcNow.AddDays(-days).ToUnixTimeMilliseconds();
        await using var site = await StartAsync(
            new EngineConfiguration
            {
                Opportunities = true,
                GeneratedAt = DaysAgo(10),
                Experiments = [new EngineExperiment(5, "web") { Kind = "web", SegmentId = 1 }],
                Segments =
                [
                    Segment(1, "used", """{ "targetingType": "SEGMENT", "segmentId": "2" }""") with { DateModified = DaysAgo(400) },
                    Segment(2, "used by the used one", "") with { DateCreated = DaysAgo(91) },
                    Segment(3, "created lately", "") with { DateCreated = DaysAgo(89) },
                    Segment(4, "changed lately", "") with { DateCreated = DaysAgo(400), DateModified = DaysAgo(89) },
                    Segment(5, "old", "") with { DateCreated = DaysAgo(400), DateModified = DaysAgo(91) },
                    Segment(6, "[DEV] new", "") with { DateCreated = DaysAgo(1) },
                    Segment(7, "[TEST]new", "") with { DateCreated = DaysAgo(1) },
                    Segment(8, "[QA] new", "") with { DateCreated = DaysAgo(1) },
                    Segment(9, "new [QA]", "") with { DateCreated = DaysAgo(1) },
                    Segment(10, "as old as the project", ""),
                ],
            });

        IdsOf(await site.TextAsync("audiences/segments.js")).ShouldBe([3, 4, 9, 10]);
        var engine = await site.TextAsync("engine.js");
        engine.ShouldContain("used by the used one");
        engine.ShouldNotContain("created lately");
    }

    [Fact]
    public async Task The_live_file_brings_the_segments_of_live_campaigns()
    {
        await using var site = await StartAsync(new EngineConfiguration
        {
            Experiments = [Live],
            Segments = [Segment(1, "used", ""), Segment(2, "unused", "")],
        });

        var live = await site.TextAsync("live-experiments/config.js");

        live.ShouldContain("\"used\"");
        live.ShouldNotContain("unused");
    }

    private static EngineSegment Segment(long id, string name, string condition) => new(
        id, name, JsonElement.Parse($$"""{ "firstLevel": [{ "conditions": [{{condition}}] }] }"""));

    private static IEnumerable<long> IdsOf(string file)
    {
        file.ShouldStartWith("Kameleoon.Internals.receive(\"segments\",[");
        var json = file[(file.IndexOf(',', StringComparison.Ordinal) + 1)..file.LastIndexOf(')')];
        return JsonElement.Parse(json).EnumerateArray().Select(segment => segment.GetProperty("id").GetInt64());
    }

    private static Task<SandboxSite> StartAsync(EngineConfiguration configuration) => SandboxSite.StartAsync(
        configure: builder => builder.Services.AddSingleton<IEngineConfigurationSource>(new Fixed(configuration)));

    private sealed class Fixed(EngineConfiguration configuration) : IEngineConfigurationSource
    {
        public EngineConfiguration Read() => configuration;
    }
}
