using System.Globalization;

namespace Kameleoon.Hybrid.Benchmarks;

/// <summary>What a page with a decision and a tracking tag costs without trust, with it, and with the guard on, in turn.</summary>
/// <remarks>Budget: with trust at most 100 bytes and 0.2 microseconds more.</remarks>
internal static class TrustCost
{
    internal static void Print(int rounds)
    {
        (string Name, PipelineBenchmarks Site)[] sites =
        [
            ("trust off", Start(static _ => { })),
            ("trust on", Start(static kameleoon => kameleoon.AddKameleoonTrust())),
            ("trust on, guard on", Start(static kameleoon => kameleoon.AddKameleoonTrust(static trust => trust.Guard.Enabled = true))),
        ];
        var rotation = new Rotation();
        foreach (var (name, site) in sites)
        {
            rotation.Add(name, () => Open(site));
        }

        var timings = rotation.Measure(rounds);
        foreach (var (timing, site) in timings.Zip(sites, static (timing, one) => (timing, one.Site)))
        {
            double[] more = [.. timing.Nanoseconds.Zip(timings[0].Nanoseconds, static (own, off) => own - off).Order()];
            Console.WriteLine(string.Create(
                CultureInfo.InvariantCulture,
                $"{timing.Name,-20} {Bytes(site),6} bytes, least {timing.Nanoseconds.Min(),6:F0} ns, {timing.Nanoseconds.Min() - timings[0].Nanoseconds.Min(),5:F0} more; median {timing.Median,6:F0} ns, {more[rounds / 2],5:F0} more"));
            site.Cleanup();
        }
    }

    private static PipelineBenchmarks Start(Action<IKameleoonBuilder> kameleoon)
    {
        var site = new PipelineBenchmarks();
        site.Setup(kameleoon);
        return site;
    }

    private static void Open(PipelineBenchmarks site) => site.Page().GetAwaiter().GetResult();

    private static long Bytes(PipelineBenchmarks site)
    {
        const int Pages = 1000;
        var least = long.MaxValue;
        for (var turn = 0; turn < 20; turn++)
        {
            var before = GC.GetAllocatedBytesForCurrentThread();
            for (var i = 0; i < Pages; i++)
            {
                Open(site);
            }

            least = Math.Min(least, (GC.GetAllocatedBytesForCurrentThread() - before) / Pages);
        }

        return least;
    }
}
