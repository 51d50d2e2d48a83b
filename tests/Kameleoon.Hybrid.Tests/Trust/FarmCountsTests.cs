using System.Globalization;

namespace Kameleoon.Hybrid.Tests;

/// <summary>Servers with a feed count the visitors of all servers, each once.</summary>
public sealed class FarmCountsTests
{
    private readonly MemoryFeed _feed = new();

    [Fact]
    public async Task A_visitor_of_two_servers_counts_once_on_both()
    {
        await using var first = await StartAsync();
        await using var second = await StartAsync();
        Decide(first, from: 0, to: 60);
        Decide(second, from: 40, to: 100);

        await ExchangeAsync(first, second, first);

        foreach (var tally in new[] { Tally(first), Tally(second) })
        {
            tally.Window!.Read(VisitorStages.Decided).Sum().ShouldBe(100);
        }

        var services = first.Site.App.Services;
        var report = TrustReport.Of(
            services.GetRequiredService<TrustMonitor>(), services.GetRequiredService<IdentityComparisons>(), "abcde12345", default);
        TrustPage.Write(report, nonce: null).ShouldContain("Visitors of all servers, responses of this one, ");
        Tally(first).Window!.Read(VisitorStages.Reported).ShouldBe(Tally(second).Window!.Read(VisitorStages.Reported));
    }

    [Fact]
    public async Task Each_server_tests_the_visitors_of_all()
    {
        await using var first = await StartAsync();
        await using var second = await StartAsync();
        var monitor = first.Site.App.Services.GetRequiredService<TrustMonitor>();
        for (var visitor = 0; visitor < 40; visitor++)
        {
            foreach (var server in new[] { first, second })
            {
                server.Site.App.Services.GetRequiredService<TrustMonitor>().Count(
                    $"{visitor} of {(server == first ? 1 : 2)}", 7001, 1001, VisitorStages.Decided);
            }
        }

        monitor.Look();
        var alone = Tally(first).Window!.Tests.Find(VisitorStages.Decided)!.LogEvidence;
        await ExchangeAsync(second, first);
        monitor.Look();

        Tally(first).Window!.Tests.Find(VisitorStages.Decided)!.LogEvidence.ShouldBeGreaterThan(1.5 * alone);
        Tally(first).Alarmed.ShouldNotBeNull();
    }

    [Fact]
    public async Task A_server_that_starts_later_learns_what_was_counted_before()
    {
        await using var first = await StartAsync();
        Decide(first, from: 0, to: 50);
        await ExchangeAsync(first);

        await using var later = await StartAsync();
        await ExchangeAsync(later);

        Tally(later).Window!.Read(VisitorStages.Decided).ShouldBe(Tally(first).Window!.Read(VisitorStages.Decided));
        Tally(later).Window!.Started.ToUnixTimeMilliseconds().ShouldBe(Tally(first).Window!.Started.ToUnixTimeMilliseconds());
    }

    [Fact]
    public async Task Visitors_left_out_on_one_server_are_left_out_on_all()
    {
        await using var first = await StartAsync();
        await using var second = await StartAsync();
        var client = ClientOf(first, "anna");
        client.SetForcedVariation(7001, "b");
        client.GetVariation("flag0");

        await ExchangeAsync(first, second);
        ClientOf(second, "anna").GetVariation("flag0");

        Tally(second).Window!.Read(VisitorStages.Decided).Sum().ShouldBe(0);
    }

    [Fact]
    public async Task What_is_known_is_not_told_again()
    {
        await using var first = await StartAsync();
        await using var second = await StartAsync();
        Decide(first, from: 0, to: 10);
        Decide(second, from: 0, to: 10);

        await ExchangeAsync(first, second, first, second);

        _feed.Count.ShouldBe(1);
    }

    [Fact]
    public async Task A_window_that_begins_on_one_server_begins_on_all()
    {
        await using var first = await StartAsync();
        await using var second = await StartAsync();
        Decide(second, from: 0, to: 10);
        var monitor = first.Site.App.Services.GetRequiredService<TrustMonitor>();
        for (var visitor = 0; visitor < 200_000 && Tally(first).Window?.Number is not 2; visitor++)
        {
            monitor.Count(visitor.ToString(CultureInfo.InvariantCulture), 7001, 1001 + (visitor % 2), VisitorStages.Decided);
            if (Tally(first).Window!.IsFull)
            {
                monitor.Look();
            }
        }

        Decide(first, from: 0, to: 5);
        await ExchangeAsync(first, second);

        Tally(second).Window!.Number.ShouldBe(2);
        Tally(second).Window!.Read(VisitorStages.Decided).Sum().ShouldBe(5);
    }

    [Fact]
    public async Task Counts_that_could_not_be_told_are_told_later()
    {
        await using var first = await StartAsync();
        await using var second = await StartAsync();
        Decide(first, from: 0, to: 10);
        _feed.IsAway = true;
        await ExchangeAsync(first, second);
        Tally(second).Window.ShouldBeNull();
        first.Site.Log.GetSnapshot().Count(static line => line.Id.Id == 1021).ShouldBe(1);
        _feed.IsAway = false;

        await Eventually.IsTrueAsync(async () =>
        {
            await ExchangeAsync(first, second);
            return Tally(second).Window?.Read(VisitorStages.Decided).Sum() == 10;
        });
        first.Site.Log.GetSnapshot().Count(static line => line.Id.Id == 1022).ShouldBe(1);
    }

    [Theory]
    [InlineData(new byte[0])]
    [InlineData(new byte[] { 2, 0, 0, 0 })]
    public async Task Messages_of_another_format_or_experiment_are_passed_over(byte[] message)
    {
        await using var site = await StartAsync();
        await _feed.AddAsync(message, default);
        await _feed.AddAsync(new WindowMessage(7001, 1, 1, default(DateTimeOffset).AddYears(2000), [new(5, 1, 0)]).Write(), default);
        await _feed.AddAsync(new WindowMessage(1, 1, 1, default(DateTimeOffset).AddYears(2000), [new(5, 1, 0)]).Write(), default);

        await ExchangeAsync(site);

        Tally(site).Window.ShouldBeNull();
    }

    private static void Decide(ArmsSite site, int from, int to)
    {
        for (var visitor = from; visitor < to; visitor++)
        {
            ClientOf(site, $"visitor{visitor}").GetVariation("flag0");
        }
    }

    private static IKameleoonClient ClientOf(ArmsSite site, string visitor) =>
        site.Site.App.Services.GetRequiredService<IKameleoonClientFactory>().ForVisitor(visitor);

    private static ExperimentTally Tally(ArmsSite site) =>
        site.Site.App.Services.GetRequiredService<TrustMonitor>().Find(7001)!;

    private static async Task ExchangeAsync(params ArmsSite[] sites)
    {
        foreach (var site in sites)
        {
            await site.Site.App.Services.GetRequiredService<FarmCounts>().ExchangeAsync(CancellationToken.None);
        }
    }

    // The servers exchange when a test says so, and not by themselves.
    private Task<ArmsSite> StartAsync() => ArmsSite.StartAsync(
        kameleoon: static kameleoon => kameleoon.AddKameleoonTrust(),
        services: services =>
        {
            services.AddSingleton<TimeProvider>(new ManualClock());
            services.AddSingleton<IExperimentFeed>(_feed);
        });

    private sealed class MemoryFeed : IExperimentFeed
    {
        private readonly List<ReadOnlyMemory<byte>> _messages = [];

        internal bool IsAway { get; set; }

        internal int Count => _messages.Count;

        public ValueTask AddAsync(ReadOnlyMemory<byte> message, CancellationToken cancellationToken)
        {
            Ask();
            _messages.Add(message);
            return default;
        }

        public ValueTask<ExperimentMessages> ReadAsync(string? after, CancellationToken cancellationToken)
        {
            Ask();
            var begin = after is null ? 0 : int.Parse(after, CultureInfo.InvariantCulture);
            var page = _messages.Skip(begin).Take(2).ToArray();
            return new(new ExperimentMessages(page, (begin + page.Length).ToString(CultureInfo.InvariantCulture)));
        }

        private void Ask() => _ = IsAway ? throw new IOException("The feed is away.") : 0;
    }
}
