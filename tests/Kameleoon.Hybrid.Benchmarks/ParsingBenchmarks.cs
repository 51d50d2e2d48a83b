using System.Diagnostics;
using System.Globalization;
using System.Text.Json;
using BenchmarkDotNet.Attributes;
using Kameleoon.Hybrid.Decisions;

namespace Kameleoon.Hybrid.Benchmarks;

/// <summary>From the bytes of a data file to a snapshot that decides, against reading the same bytes for nothing.</summary>
/// <remarks>Budget: 2.5 times the bare reader, 1 allocated byte a byte of file.</remarks>
[MemoryDiagnoser]
public class ParsingBenchmarks
{
    private byte[] _json = [];

    [Params(1, 10)]
    public int Megabytes { get; set; }

    [GlobalSetup]
    public void Setup() => _json = SampleDataFile.Of(Megabytes * 1_000_000);

    [Benchmark(Baseline = true, Description = "bare reader, every token")]
    public long Reader()
    {
        var reader = new Utf8JsonReader(_json);
        var tokens = 0L;
        while (reader.Read())
        {
            tokens++;
        }

        return tokens;
    }

    [Benchmark(Description = "snapshot, ready to decide")]
    public DataFile Parse() => DataFile.Parse(_json);

    /// <summary>Both in turn, which a busy machine disturbs alike; their means, collections included.</summary>
    internal static void Alternate(int readings)
    {
        foreach (var megabytes in (ReadOnlySpan<int>)[1, 10])
        {
            var parsing = new ParsingBenchmarks { Megabytes = megabytes };
            parsing.Setup();
            var (bare, snapshot) = (TimeSpan.Zero, TimeSpan.Zero);
            for (var i = -readings; i < readings; i++)
            {
                var start = Stopwatch.GetTimestamp();
                parsing.Reader();
                var between = Stopwatch.GetTimestamp();
                parsing.Parse();
                if (i < 0)
                {
                    // Lets the compiler, which works beside, come to its best code.
                    Thread.Sleep(10);
                }
                else
                {
                    bare += Stopwatch.GetElapsedTime(start, between);
                    snapshot += Stopwatch.GetElapsedTime(between);
                }
            }

            var before = GC.GetAllocatedBytesForCurrentThread();
            parsing.Parse();
            var allocated = GC.GetAllocatedBytesForCurrentThread() - before;
            Console.WriteLine(string.Create(
                CultureInfo.InvariantCulture,
                $"{megabytes} MB: bare {bare.TotalMilliseconds / readings:F1} ms, snapshot {snapshot.TotalMilliseconds / readings:F1} ms, ratio {snapshot / bare:F2}, "
                + $"{(double)allocated / parsing._json.Length:F3} bytes allocated a byte"));
        }
    }
}
