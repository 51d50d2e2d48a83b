using System.Diagnostics;
using System.Globalization;
using System.Security.Cryptography;

namespace Kameleoon.Hybrid.Benchmarks;

/// <summary>How the cost of a decision by the public API grows with flags, with visitors in memory, and with threads.</summary>
/// <remarks>No step may be worse than logarithmic. Where there are more threads than processors, time says little about
/// contention, so waits for locks are counted instead.</remarks>
internal static class Growth
{
    private const int Batch = 256;
    private const string Known = "v10ctbql0zpf4rw0";

    private static readonly byte[] Text = new byte[30];

    internal static void Print(int rounds)
    {
        PrintFlags(rounds);
        PrintPages(rounds);
        PrintVisitors(rounds);
        PrintThreads();
    }

    private static void PrintFlags(int rounds)
    {
        var rotation = NewRotation();
        foreach (var flags in (int[])[1, 10, 100, 1_000, 10_000])
        {
            var clients = NewServices(flags).GetRequiredService<IKameleoonClientFactory>();
            var key = BenchmarkSite.Key(flags / 2);
            var codes = new Codes();
            rotation.Add(Name(flags, "flags: one, new visitor"), () => codes.ForEach(code => clients.ForVisitor(code).GetVariation(key, track: false)), Batch, codes.Renew);
            rotation.Add(Name(flags, "flags: one, same visitor"), () => clients.ForVisitor(Known).GetVariation(key, track: false));
            rotation.Add(Name(flags, "flags: all, new visitor, a flag"), () => codes.ForEach(code => clients.ForVisitor(code).GetVariations(track: false), 4), 4 * flags, codes.Renew);
            rotation.Add(Name(flags, "flags: all, new visitor, tracked, a flag"), () => codes.ForEach(code => clients.ForVisitor(code).GetVariations(), 4), 4 * flags, codes.Renew);
            rotation.Add(Name(flags, "flags: all, same visitor"), () => clients.ForVisitor(Known).GetVariations(track: false));
        }

        rotation.Print(rounds);
    }

    private static void PrintPages(int rounds)
    {
        var rotation = NewRotation();
        foreach (var flags in (int[])[1, 10, 100, 1_000, 10_000])
        {
            var pages = new PipelineBenchmarks { DataFile = BenchmarkSite.Write(flags) };
            pages.Setup();
            rotation.Add(Name(flags, "flags: all on a page, new visitor, a flag"), () => _ = pages.AllOfNewVisitor(), flags);
            rotation.Add(Name(flags, "flags: all on a page, known visitor, a flag"), () => _ = pages.All(), flags);
        }

        rotation.Print(rounds);
    }

    private static void PrintVisitors(int rounds)
    {
        var rotation = NewRotation();
        foreach (var visitors in (int[])[1, 1_000, 1_000_000])
        {
            var clients = NewServices(flags: 50).GetRequiredService<IKameleoonClientFactory>();
            var key = BenchmarkSite.Key(25);
            var codes = new string[visitors];
            for (var i = 0; i < visitors; i++)
            {
                codes[i] = string.Create(CultureInfo.InvariantCulture, $"k{i:D15}");
                clients.ForVisitor(codes[i]).GetVariation(key, track: false);
            }

            // In an order that a cache of the processor cannot foresee.
            RandomNumberGenerator.Shuffle(codes.AsSpan());
            var next = 0;
            rotation.Add(Name(visitors, "visitors: one flag of one of them"), () =>
            {
                next = next + 1 == visitors ? 0 : next + 1;
                clients.ForVisitor(codes[next]).GetVariation(key, track: false);
            });
        }

        rotation.Print(rounds);
    }

    private static void PrintThreads()
    {
        const int Calls = 2_000_000;
        var clients = NewServices(flags: 50).GetRequiredService<IKameleoonClientFactory>();
        var key = BenchmarkSite.Key(25);
        foreach (var threads in (int[])[1, 1, 2, 4, 8, 16])
        {
            var waits = Monitor.LockContentionCount;
            var start = Stopwatch.GetTimestamp();
            Thread[] running = [.. Enumerable.Range(0, threads).Select(thread => new Thread(() =>
            {
                for (var i = 0; i < Calls / threads; i++)
                {
                    // Half of the calls are for a visitor whom all threads share.
                    clients.ForVisitor(i % 2 == 0 ? Known : Own[thread]).GetVariation(key);
                }
            }))];
            Array.ForEach(running, static thread => thread.Start());
            Array.ForEach(running, static thread => thread.Join());
            var elapsed = Stopwatch.GetElapsedTime(start);
            Console.WriteLine(string.Create(
                CultureInfo.InvariantCulture,
                $"{threads,9} threads: {Calls / elapsed.TotalSeconds / 1e6,6:F1} million tracked decisions a second, {Monitor.LockContentionCount - waits} waits for a lock"));
        }
    }

    private static readonly string[] Own =
        [.. Enumerable.Range(0, 16).Select(static thread => string.Create(CultureInfo.InvariantCulture, $"t{thread:D15}"))];

    private static Rotation NewRotation()
    {
        var rotation = new Rotation();
        rotation.Add("sha", static () => SHA256.HashData(Text, stackalloc byte[SHA256.HashSizeInBytes]));
        return rotation;
    }

    private static ServiceProvider NewServices(int flags) => DecidingServices.Build(BenchmarkSite.Write(flags));

    private static string Name(int count, string what) => string.Create(CultureInfo.InvariantCulture, $"{count,9:N0} {what}");

    /// <summary>Codes of visitors who are new until the next renewal.</summary>
    private sealed class Codes
    {
        private static int _next;

        private readonly string[] _codes = new string[Batch];

        internal Codes() => Renew();

        internal void ForEach(Action<string> decide, int count = Batch) => Array.ForEach(_codes[..count], code => decide(code));

        internal void Renew()
        {
            for (var i = 0; i < _codes.Length; i++)
            {
                _codes[i] = string.Create(CultureInfo.InvariantCulture, $"v{_next++:D15}");
            }
        }
    }
}
