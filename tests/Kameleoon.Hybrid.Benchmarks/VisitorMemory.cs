using System.Diagnostics;
using System.Globalization;
using Microsoft.Extensions.Options;
using Microsoft.Extensions.Time.Testing;

namespace Kameleoon.Hybrid.Benchmarks;

/// <summary>Counts what a visitor takes of the heap, code included: after one page, and by clients outside of requests after the
/// first call and the second. Then sweeps a million of each kind.</summary>
internal static class VisitorMemory
{
    private const int Visitors = 100_000;
    private const int Flags = 50;

    internal static void Print()
    {
        foreach (var decisions in (ReadOnlySpan<int>)[1, 5, 20])
        {
            using var services = Build(TimeProvider.System);
            var empty = GC.GetTotalMemory(forceFullCollection: true);
            Visit(services, decisions);
            var first = GC.GetTotalMemory(forceFullCollection: true) - empty;
            Visit(services, decisions);
            var again = GC.GetTotalMemory(forceFullCollection: true) - empty;
            var counted = services.GetRequiredService<VisitorStore>().Bytes / Visitors;
            Console.WriteLine(string.Create(
                CultureInfo.InvariantCulture,
                $"{decisions,2} decisions: {OfPages(decisions)} B after a page; outside of requests {first / Visitors} B after the first "
                + $"visit, {again / Visitors} B after the second, of which {counted} B are counted"));
        }

        // A server that runs for a while has swept before, so that the code is optimized.
        foreach (var isPrinted in (ReadOnlySpan<bool>)[false, true])
        {
            Sweep("of pages", isPrinted, static (services, code, flag) =>
            {
                var store = services.GetRequiredService<VisitorStore>();
                using var use = store.GetOrCreateInUse(code);
                store.Save(use.Session!, flag, 1);
            });
            Sweep("of one call outside of requests", isPrinted, static (services, code, flag) => Decide(services, code, flag, flag + 1));
            Sweep("of two calls outside of requests", isPrinted, static (services, code, flag) =>
            {
                Decide(services, code, flag, flag + 1);
                Decide(services, code, flag, flag + 1);
            });
        }
    }

    private static long OfPages(int decisions)
    {
        var store = new VisitorStore(Options.Create(new KameleoonOptions()), TimeProvider.System);
        var empty = GC.GetTotalMemory(forceFullCollection: true);
        for (var i = 0; i < Visitors; i++)
        {
            using var use = store.GetOrCreateInUse(Code(i));
            for (var flag = 0; flag < decisions; flag++)
            {
                store.Save(use.Session!, flag, 1);
            }
        }

        var bytes = GC.GetTotalMemory(forceFullCollection: true) - empty;
        GC.KeepAlive(store);
        return bytes / Visitors;
    }

    private static string Code(int number) => "v" + number.ToString("D15", CultureInfo.InvariantCulture);

    private static void Sweep(string whose, bool isPrinted, Action<IServiceProvider, string, int> visit)
    {
        var clock = new FakeTimeProvider();
        using var services = Build(clock);
        var options = services.GetRequiredService<IOptions<KameleoonOptions>>().Value;
        var store = services.GetRequiredService<VisitorStore>();
        for (var i = 0; i < options.MaxVisitors; i++)
        {
            visit(services, Code(i), i % Flags);
        }

        foreach (var what in (ReadOnlySpan<string>)["goes on", "is over"])
        {
            GC.Collect();
            var slices = new List<double>();
            for (var passed = TimeSpan.Zero; passed < options.SessionDuration / 2; passed += store.SweepInterval)
            {
                bool goesOn;
                do
                {
                    var start = Stopwatch.GetTimestamp();
                    goesOn = store.Sweep();
                    slices.Add(Stopwatch.GetElapsedTime(start).TotalMilliseconds);
                }
                while (goesOn);
            }

            var text = string.Create(
                CultureInfo.InvariantCulture,
                $"sweep of {options.MaxVisitors:N0} visitors {whose} whose session {what}: {slices.Sum():F0} ms in {slices.Count} slices, "
                + $"median {slices.Order().ElementAt(slices.Count / 2):F2} ms, longest {slices.Max():F2} ms, {store.Count} left");
            Console.Write(isPrinted ? text + Environment.NewLine : "");
            clock.Advance(options.SessionDuration);
        }
    }

    private static ServiceProvider Build(TimeProvider clock)
    {
        var services = new ServiceCollection();
        services.AddSingleton(clock).AddLogging().AddKameleoonHybrid(options => options.SiteCode = "abcde12345");
        var provider = services.BuildServiceProvider();
        provider.GetRequiredService<ConfigurationStore>().Confirm(
            ConfigurationSnapshot.Of(new(DataFileSource.Memory, BenchmarkSite.Write(Flags)), static _ => { }),
            clock.GetUtcNow());

        // What everybody shares is made by the first one.
        Decide(provider, "warmup", 0, Flags);
        return provider;
    }

    private static void Visit(ServiceProvider services, int decisions)
    {
        for (var i = 0; i < Visitors; i++)
        {
            Decide(services, Code(i), 0, decisions);
        }
    }

    private static void Decide(IServiceProvider services, string code, int first, int end)
    {
        var client = services.GetRequiredService<IKameleoonClientFactory>().ForVisitor(code);
        for (var flag = first; flag < end; flag++)
        {
            client.GetVariation(BenchmarkSite.Key(flag), track: false);
        }
    }
}
