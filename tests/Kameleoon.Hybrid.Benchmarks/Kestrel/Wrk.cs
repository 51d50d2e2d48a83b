using System.Globalization;
using System.Runtime.InteropServices;
using System.Text.RegularExpressions;

namespace Kameleoon.Hybrid.Benchmarks;

/// <summary>Loads a server with wrk and reads what it measured.</summary>
internal static partial class Wrk
{
    /// <param name="port">The server's port on loopback.</param>
    /// <param name="seconds">How long to load it.</param>
    /// <param name="script">The path of a script in wrk's own language.</param>
    /// <param name="processor">The processor that wrk is bound to, or null for all.</param>
    internal static async Task<WrkResult> RunAsync(int port, int seconds, string script, int? processor = null)
    {
        using var wrk = Pinning.Start(
            "wrk",
            [
                "-t1", "-c16", string.Create(CultureInfo.InvariantCulture, $"-d{seconds}s"), "--latency", "-s", script,
                string.Create(CultureInfo.InvariantCulture, $"http://127.0.0.1:{port}/"),
            ],
            processor);
        var output = await wrk.StandardOutput.ReadToEndAsync();
        await wrk.WaitForExitAsync();
        var (slowest, longest, rate) = (Slowest.Match(output), Longest.Match(output), Rate.Match(output));
        return slowest.Success && longest.Success && rate.Success && !output.Contains("Non-2xx", StringComparison.Ordinal)
            ? new WrkResult(
                double.Parse(rate.Groups["rate"].Value, CultureInfo.InvariantCulture),
                MillisecondsOf(slowest),
                MillisecondsOf(longest))
            : throw new InvalidOperationException("wrk measured nothing: " + output);
    }

    private static double MillisecondsOf(Match match)
    {
        var time = double.Parse(match.Groups["time"].Value, CultureInfo.InvariantCulture);
        return match.Groups["unit"].Value switch
        {
            "us" => time / 1000,
            "ms" => time,
            _ => time * 1000,
        };
    }

    [GeneratedRegex(@"99%\s+(?<time>[0-9.]+)(?<unit>us|ms|s)", RegexOptions.ExplicitCapture | RegexOptions.CultureInvariant, 1000)]
    private static partial Regex Slowest { get; }

    // Average, deviation, greatest.
    [GeneratedRegex(
        @"Latency\s+[0-9.]+[a-z]+\s+[0-9.]+[a-z]+\s+(?<time>[0-9.]+)(?<unit>us|ms|s)",
        RegexOptions.ExplicitCapture | RegexOptions.CultureInvariant,
        1000)]
    private static partial Regex Longest { get; }

    [GeneratedRegex(@"Requests/sec:\s+(?<rate>[0-9.]+)", RegexOptions.ExplicitCapture | RegexOptions.CultureInvariant, 1000)]
    private static partial Regex Rate { get; }
}

/// <summary>What wrk measured.</summary>
/// <param name="Rate">Requests per second.</param>
/// <param name="P99">The time of the slowest in a hundred, in milliseconds.</param>
/// <param name="Longest">The longest time, in milliseconds.</param>
[StructLayout(LayoutKind.Auto)]
internal readonly record struct WrkResult(double Rate, double P99, double Longest);
