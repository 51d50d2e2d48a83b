#pragma warning disable CA5394 // The sequences are repeated by their seed.

namespace Kameleoon.Hybrid.Tests;

/// <summary>Random sequences of responses: each tracked decision of a person is reported once, or discarded for a reason.
/// </summary>
public sealed class ExposurePropertyTests
{
    private const int Sequences = 1000;

    private static readonly string[] Reasons = ["bot", "head", "simulation", "unseen", "unshared"];

    private static readonly string[] Answers =
    [
        "page", "html", "json", "redirect", "redirect-after-tag", "missing", "throws", "throws-after-tag", "stream", "abort",
        "blocked",
    ];

    private readonly List<(string Visitor, int Flag)> _expected = [];
    private readonly List<string> _dropped = [];

    [Theory]
    [InlineData(1, true, false)]
    [InlineData(2, true, true)]
    [InlineData(3, false, false)]
    [InlineData(4, false, true)]
    public async Task Every_tracked_decision_of_a_person_is_reported_once(int seed, bool errorsFirst, bool requiresConsent)
    {
        await using var site = await ArmsSite.StartAsync(errorsFirst, requiresConsent);
        var factory = site.Site.App.Services.GetRequiredService<IKameleoonClientFactory>();
        var random = new Random(seed);
        for (var i = 0; i < Sequences; i++)
        {
            var visitor = $"visitor{i}";
            var isRefused = requiresConsent && random.Next(4) == 0;
            if (requiresConsent)
            {
                factory.ForVisitor(visitor).SetLegalConsent(!isRefused);
            }

            var flags = Enumerable.Range(0, ArmsSite.Flags).ToArray();
            random.Shuffle(flags);
            foreach (var flag in flags.AsSpan(0, random.Next(1, 5)).ToArray())
            {
                await ActAsync(site, random, visitor, flag, isRefused);
            }
        }

        var reported = site.ByEngine.Concat(await site.StopAsync()).ToList();

        _expected.Except(reported.Select(static one => (one.Visitor, one.Flag))).ShouldBeEmpty();
        reported.Select(static one => (one.Visitor, one.Flag)).Except(_expected).ShouldBeEmpty();
        reported.Count.ShouldBe(_expected.Count);
        reported.Except(site.Decided).ShouldBeEmpty();
        foreach (var reason in Reasons)
        {
            site.Site.Metrics.Sum("kameleoon.events.dropped", "reason", reason).ShouldBe(_dropped.Count(reason.Equals), reason);
        }
    }

    private async Task ActAsync(ArmsSite site, Random random, string visitor, int flag, bool isRefused)
    {
        var path = $"/step/{flag}?a={Answers[random.Next(Answers.Length)]}&b={Answers[random.Next(Answers.Length)]}";
        var unbroken = path.Replace("abort", "json", StringComparison.Ordinal);
        switch (random.Next(17))
        {
            case 0:
                await site.SendAsync(visitor, HttpMethod.Head, unbroken);
                Drop("head", isRefused);
                break;
            case 1:
                await site.SendAsync(visitor, HttpMethod.Get, unbroken, ("User-Agent", Agents.Googlebot));
                _dropped.Add("bot");
                break;
            case 2:
                await site.SendAsync(visitor, HttpMethod.Get, unbroken, ("Sec-Fetch-Dest", "empty"));
                Expect(visitor, flag, isRefused);
                break;
            case 3:
                // The page may have what an earlier redirect carries, so its engine has to run.
                var simulated = unbroken.Replace("blocked", "page", StringComparison.Ordinal);
                await site.SendAsync(visitor, HttpMethod.Get, simulated, ("Cookie", ArmsSite.SimulationOf(flag)));
                _dropped.Add("simulation");
                break;
            case 4:
                await site.SendAsync(visitor, HttpMethod.Get, $"/step/{flag}?a=json&b=html", ("Sec-Purpose", "prefetch"));
                Drop("unseen", isRefused);
                break;
            case 5:
                await site.SendAsync(visitor, HttpMethod.Get, $"/step/{flag}?a=page&b=page", ("Sec-Purpose", "prefetch"));
                Expect(visitor, flag, isRefused);
                break;
            case 16:
                // The browser follows a redirect with the same header, and shows the page behind it later.
                var (status, _) = await site.SendAsync(
                    visitor, HttpMethod.Get, $"/step/{flag}?a=redirect&b=redirect-after-tag", ("Sec-Purpose", "prefetch"));
                status.ShouldBe(302);
                await site.SendAsync(visitor, HttpMethod.Get, "/page", ("Sec-Purpose", "prefetch"));
                Expect(visitor, flag, isRefused);
                break;
            case 6:
                // No cookie, and a script's request sets none.
                using (await site.Site.GetAsync($"/step/{flag}?a=json&b=html", ("Sec-Fetch-Dest", "empty")))
                {
                    _dropped.Add("unshared");
                }

                break;
            case 7:
                await site.SendAsync(visitor, HttpMethod.Get, "/page");
                goto default;
            default:
                await site.VisitAsync(
                    visitor, random.Next(2) == 0 ? HttpMethod.Get : HttpMethod.Post, path, followsRedirect: random.Next(2) == 0);
                Expect(visitor, flag, isRefused);
                break;
        }
    }

    // After a refusal no experiment is decided.
    private void Expect(string visitor, int flag, bool isRefused)
    {
        if (!isRefused)
        {
            _expected.Add((visitor, flag));
        }
    }

    private void Drop(string reason, bool isRefused)
    {
        if (!isRefused)
        {
            _dropped.Add(reason);
        }
    }
}
