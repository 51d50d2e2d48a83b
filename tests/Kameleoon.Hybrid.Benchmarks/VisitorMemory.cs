using System.Globalization;

namespace Kameleoon.Hybrid.Benchmarks;

/// <summary>Counts what a visitor takes of the heap, code included: after the first visit, and when they have come back.
/// </summary>
internal static class VisitorMemory
{
    private const int Visitors = 100_000;

    internal static void Print()
    {
        foreach (var decisions in (ReadOnlySpan<int>)[1, 5, 20])
        {
            using var services = Build();
            var empty = GC.GetTotalMemory(forceFullCollection: true);
            Visit(services, decisions);
            var first = GC.GetTotalMemory(forceFullCollection: true) - empty;
            Visit(services, decisions);
            var again = GC.GetTotalMemory(forceFullCollection: true) - empty;
            Console.WriteLine(string.Create(
                CultureInfo.InvariantCulture,
                $"{decisions,2} decisions: {first / Visitors} B after the first visit, {again / Visitors} B after the second; "
                + $"{services.GetRequiredService<VisitorStore>().Bytes / Visitors} B are counted"));
        }
    }

    private static ServiceProvider Build()
    {
        var services = new ServiceCollection();
        services.AddLogging().AddKameleoonHybrid(options => options.SiteCode = "abcde12345");
        var provider = services.BuildServiceProvider();
        provider.GetRequiredService<ConfigurationStore>().Confirm(
            ConfigurationSnapshot.Of(new(DataFileSource.Memory, BenchmarkSite.Write(50)), static _ => { }),
            TimeProvider.System.GetUtcNow());

        // What everybody shares is made by the first one.
        Decide(provider, "warmup", 50);
        return provider;
    }

    private static void Visit(ServiceProvider services, int decisions)
    {
        for (var i = 0; i < Visitors; i++)
        {
            Decide(services, "v" + i.ToString("D15", CultureInfo.InvariantCulture), decisions);
        }
    }

    private static void Decide(ServiceProvider services, string code, int decisions)
    {
        var client = services.GetRequiredService<IKameleoonClientFactory>().ForVisitor(code);
        for (var flag = 0; flag < decisions; flag++)
        {
            client.GetVariation(BenchmarkSite.Key(flag), track: false);
        }
    }
}
