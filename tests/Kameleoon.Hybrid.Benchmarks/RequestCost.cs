using System.Globalization;

namespace Kameleoon.Hybrid.Benchmarks;

/// <summary>What a request costs with the library: the pipelines of <see cref="PipelineBenchmarks"/> in turn, as ratios to the
/// one without us, and the bytes that each allocates more.</summary>
/// <remarks>Budget: a known visitor 1.4 and 200 bytes; with a decision and its tracking code 2.2 and 1,100 bytes.</remarks>
internal static class RequestCost
{
    internal static void Print(int rounds)
    {
        var pipelines = new PipelineBenchmarks();
        pipelines.Setup();
        (string Name, Func<Task<int>> Run)[] cases =
        [
            ("the pipeline without us", pipelines.Bare),
            ("the cookie rewritten by hand", pipelines.Rewritten),
            ("known visitor", pipelines.Known),
            ("known visitor, one decision", pipelines.Decision),
            ("the same, tracking code as text", pipelines.Code),
            ("the same, tracking tag", pipelines.Page),
            ("new visitor, cookie written", pipelines.New),
        ];

        var rotation = new Rotation();
        foreach (var (name, run) in cases)
        {
            rotation.Add(name, () => _ = run());
        }

        foreach (var (_, run) in cases)
        {
            Warm(run);
        }

        rotation.Print(rounds);
        var bare = Bytes(pipelines.Bare);
        foreach (var (name, run) in cases)
        {
            Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{name,-50} {Bytes(run) - bare,9:F0} bytes more"));
        }

        pipelines.Cleanup();
    }

    // The runtime optimizes in the background what was called often. A pipeline has many methods.
    private static void Warm(Func<Task<int>> run)
    {
        for (var i = 0; i < 300_000; i++)
        {
            _ = run();
        }
    }

    private static double Bytes(Func<Task<int>> run)
    {
        const int Count = 1000;
        var least = double.MaxValue;
        for (var turn = 0; turn < 20; turn++)
        {
            var before = GC.GetAllocatedBytesForCurrentThread();
            for (var i = 0; i < Count; i++)
            {
                _ = run();
            }

            least = Math.Min(least, (GC.GetAllocatedBytesForCurrentThread() - before) / (double)Count);
        }

        return least;
    }
}
