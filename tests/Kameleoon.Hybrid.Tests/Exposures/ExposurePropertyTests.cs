#pragma warning disable CA5394 // The sequences are repeated by their seed.

namespace Kameleoon.Hybrid.Tests;

/// <summary>Random sequences of responses: each tracked decision of a person is reported once, or discarded for a reason.
/// </summary>
public sealed class ExposurePropertyTests
{
    private const int Sequences = 1000;

    private static readonly string[] Answers =
    [
        "page", "html", "json", "redirect", "redirect-after-tag", "missing", "throws", "throws-after-tag", "stream", "abort",
        "blocked",
    ];

    [Theory]
    [InlineData(1, true)]
    [InlineData(2, true)]
    [InlineData(3, false)]
    [InlineData(4, false)]
    public async Task Every_tracked_decision_of_a_person_is_reported_once(int seed, bool errorsFirst)
    {
        await using var site = await ArmsSite.StartAsync(errorsFirst);
        var random = new Random(seed);
        var expected = new List<(string Visitor, int Flag)>();
        var heads = 0;
        for (var i = 0; i < Sequences; i++)
        {
            var visitor = $"visitor{i}";
            var flags = Enumerable.Range(0, ArmsSite.Flags).ToArray();
            random.Shuffle(flags);
            foreach (var flag in flags.AsSpan(0, random.Next(1, 5)).ToArray())
            {
                var path = $"/step/{flag}?a={Answers[random.Next(Answers.Length)]}&b={Answers[random.Next(Answers.Length)]}";
                var unbroken = path.Replace("abort", "json", StringComparison.Ordinal);
                switch (random.Next(12))
                {
                    case 0:
                        await site.SendAsync(visitor, HttpMethod.Head, unbroken);
                        heads++;
                        break;
                    case 1:
                        await site.SendAsync(visitor, HttpMethod.Get, unbroken, ("User-Agent", Agents.Googlebot));
                        break;
                    case 2:
                        await site.SendAsync(visitor, HttpMethod.Get, unbroken, ("Sec-Fetch-Dest", "empty"));
                        expected.Add((visitor, flag));
                        break;
                    case 3:
                        await site.SendAsync(visitor, HttpMethod.Get, "/page");
                        goto default;
                    default:
                        await site.VisitAsync(
                            visitor, random.Next(2) == 0 ? HttpMethod.Get : HttpMethod.Post, path, followsRedirect: random.Next(2) == 0);
                        expected.Add((visitor, flag));
                        break;
                }
            }
        }

        var reported = site.ByEngine.Concat(await site.StopAsync()).ToList();

        reported.Select(static one => (one.Visitor, one.Flag)).Order().ShouldBe(expected.Order());
        reported.Except(site.Decided).ShouldBeEmpty();
        site.Site.Metrics.Sum("kameleoon.events.dropped", "reason", "head").ShouldBe(heads);
    }
}
