using Kameleoon.Hybrid.Decisions;
using Microsoft.Extensions.Diagnostics.HealthChecks;

namespace Kameleoon.Hybrid.Tests;

/// <summary>A site with the guard on, whose experiment <c>flag0</c> splits visitors between <c>a</c>, the control variation, and
/// <c>b</c>.</summary>
internal sealed class GuardedSite : IAsyncDisposable
{
    /// <summary>How many visitors come unless a test says otherwise.</summary>
    internal const int Visitors = 80;

    private readonly ManualClock _clock;
    private int _visited;

    private GuardedSite(ArmsSite arms, ManualClock clock) => (Arms, _clock) = (arms, clock);

    internal ArmsSite Arms { get; }

    internal IEnumerable<(string Visitor, int Flag, string Arm)> Decided => Arms.Decided;

    internal ExperimentTally Tally => Get<TrustMonitor>().Experiments.First(static tally => tally.Version.FlagKey == "flag0");

    internal VariationBreaker Breaker => Tally.Guarded!.Breakers.Single();

    internal TrustReport Report => TrustReport.Of(Get<TrustMonitor>(), Get<IdentityComparisons>(), "abcde12345", _clock.GetUtcNow());

    internal static async Task<GuardedSite> StartAsync(
        Action<KameleoonGuardOptions>? guard = null, Action<IServiceCollection>? services = null)
    {
        var clock = new ManualClock();
        var arms = await ArmsSite.StartAsync(
            kameleoon: builder => builder.AddKameleoonTrust(options =>
            {
                (options.Guard.Enabled, options.Guard.ProbeShare, options.Guard.ProbeVisitors) = (true, 0.5, 10);
                guard?.Invoke(options.Guard);
            }),
            services: all =>
            {
                all.AddSingleton<TimeProvider>(clock);
                all.AddHealthChecks().AddKameleoonTrust();
                services?.Invoke(all);
            });
        return new GuardedSite(arms, clock);
    }

    /// <summary>Starts a site on which all responses of <c>b</c> have failed, so that it is withheld.</summary>
    internal static async Task<GuardedSite> StartWithholdingAsync(Action<KameleoonGuardOptions>? guard = null)
    {
        var site = await StartAsync(guard);
        await site.VisitAsync("page", "throws");
        await site.CheckAsync();
        return site;
    }

    internal T Get<T>()
        where T : notnull => Arms.Site.App.Services.GetRequiredService<T>();

    internal Task MoveAsync(TimeSpan time) => Arms.Site.MoveAsync(time);

    /// <summary>Sets the wall clock.</summary>
    internal void SetClock(TimeSpan step) => _clock.Step = step;

    /// <summary>Lets visitors come who were not here before.</summary>
    /// <param name="a">How the site answers those of <c>a</c>.</param>
    /// <param name="b">How it answers those of <c>b</c>.</param>
    /// <param name="visitors">How many come.</param>
    internal async Task VisitAsync(string a, string b, int visitors = Visitors)
    {
        var answered = Answered() + visitors;
        for (var i = 0; i < visitors; i++)
        {
            await Arms.VisitAsync($"visitor{_visited++}", HttpMethod.Get, $"/step/0?a={a}&b={b}", followsRedirect: true);
        }

        // The last response may be counted after it was read.
        await Eventually.IsTrueAsync(() => Answered() + Decided.TakeLast(visitors).Count(static one => one.Arm == "off") >= answered);
    }

    /// <summary>Lets the last visitors come again.</summary>
    internal Task VisitAgainAsync(string a, string b, int visitors)
    {
        _visited -= visitors;
        return VisitAsync(a, b, visitors);
    }

    /// <summary>Finds a visitor who gets <c>b</c> unless it is withheld, and who was not here before.</summary>
    /// <param name="skipped">How many such visitors are passed over.</param>
    internal (string Name, IKameleoonClient Client) FindNew(int skipped = 0)
    {
        var name = Enumerable.Range(0, 100)
            .Select(static number => $"new{number}")
            .Where(name => Arms.Site.Configuration.DataFile!.Decide("flag0", new Anybody(name)).Variation.Key == "b")
            .ElementAt(skipped);
        return (name, ClientOf(name));
    }

    internal IKameleoonClient ClientOf(string visitor) => Get<IKameleoonClientFactory>().ForVisitor(visitor);

    /// <summary>Runs the health check, which tests the experiments.</summary>
    internal async Task<HealthReportEntry> CheckAsync() =>
        (await Get<HealthCheckService>().CheckHealthAsync()).Entries["kameleoon-trust"];

    public ValueTask DisposeAsync() => Arms.DisposeAsync();

    private long Answered() => Enum.GetValues<ExposureOutcome>().Sum(outcome => Tally.Read(outcome).Sum());

    private sealed record Anybody(string VisitorCode) : IVisitorFacts
    {
        public DateTimeOffset Now => default;
    }
}
