using System.Diagnostics;
using System.Globalization;
using System.Text.RegularExpressions;

namespace Kameleoon.Hybrid.Benchmarks;

/// <summary>Pages of a server that shares sessions by Redis, while Redis is up, killed, started again, and stopped for a minute as
/// behind a cut network: how many fail, and the time of the slowest in a hundred.</summary>
/// <remarks>Redis and the server are processes of their own on loopback. wrk asks for about 2,000 pages a second of 5,000
/// visitors; one in ten adds custom data.</remarks>
internal static partial class FarmFailures
{
    private const int RedisPort = 6391;
    private const int ServerPort = 5745;

    private const string Script = """
        local sent = 0
        delay = function()
          return 4
        end
        request = function()
          sent = sent + 1
          local path = sent % 10 == 0 and string.format("/say?value=%d", sent) or "/"
          return wrk.format("GET", path, { ["Cookie"] = string.format("kameleoonVisitorCode=visitor%d", sent * 7919 % 5000) })
        end
        """;

    internal static async Task PrintAsync()
    {
        var folder = Directory.CreateTempSubdirectory("farm").FullName;
        var script = Path.Combine(folder, "pages.lua");
        await File.WriteAllTextAsync(script, Script);
        var redis = StartRedis(folder);
        await Task.Delay(1000);
        using var server = Process.Start(new ProcessStartInfo(
            Environment.ProcessPath!,
            ["serve", "farm", "redis", string.Create(CultureInfo.InvariantCulture, $"127.0.0.1:{RedisPort}"), ServerPort.ToString(CultureInfo.InvariantCulture)])
        {
            UseShellExecute = false,
            RedirectStandardOutput = true,
        })!;
        try
        {
            await KestrelRounds.UntilUpAsync([ServerPort]);
            await LoadAsync(script, 5);
            var up = await PrintAsync("up", script, 15, usual: null);
            redis.Kill();
            await PrintAsync("killed", script, 15, up);
            redis.Dispose();
            redis = StartRedis(folder);
            await PrintAsync("started again", script, 15, up);
            await SignalAsync(redis, "-STOP");
            await PrintAsync("cut off for a minute", script, 60, up);
            await SignalAsync(redis, "-CONT");
            await PrintAsync("reached again", script, 15, up);
        }
        finally
        {
            server.Kill();
            redis.Kill();
            redis.Dispose();
            Directory.Delete(folder, recursive: true);
        }
    }

    private static Process StartRedis(string folder) => Process.Start(new ProcessStartInfo(
        "redis-server",
        ["--port", RedisPort.ToString(CultureInfo.InvariantCulture), "--dir", folder, "--appendonly", "yes", "--bind", "127.0.0.1"])
    {
        UseShellExecute = false,
        RedirectStandardOutput = true,
    })!;

    private static async Task SignalAsync(Process process, string signal)
    {
        using var kill = Process.Start("kill", [signal, process.Id.ToString(CultureInfo.InvariantCulture)]);
        await kill.WaitForExitAsync();
    }

    private static async Task<double> PrintAsync(string name, string script, int seconds, double? usual)
    {
        var report = await LoadAsync(script, seconds);
        var slow = Percentile.Match(report);
        var p99 = double.Parse(slow.Groups["time"].Value, CultureInfo.InvariantCulture)
            * slow.Groups["unit"].Value switch { "us" => 0.001, "ms" => 1, _ => 1000 };
        var failed = Failures.Matches(report).Sum(static match => int.Parse(match.Groups["count"].Value, CultureInfo.InvariantCulture));
        Console.WriteLine(string.Create(
            CultureInfo.InvariantCulture,
            $"{name,-22} {Requests.Match(report).Groups["count"].Value,7} pages, {failed} failed, p99 {p99:F2} ms, {p99 / (usual ?? p99):F2} of up"));
        return p99;
    }

    private static async Task<string> LoadAsync(string script, int seconds)
    {
        using var wrk = Process.Start(new ProcessStartInfo(
            "wrk",
            [
                "--threads", "1", "--connections", "9", "--duration", string.Create(CultureInfo.InvariantCulture, $"{seconds}s"),
                "--latency", "--script", script, string.Create(CultureInfo.InvariantCulture, $"http://127.0.0.1:{ServerPort}/"),
            ])
        {
            UseShellExecute = false,
            RedirectStandardOutput = true,
        })!;
        var report = await wrk.StandardOutput.ReadToEndAsync();
        await wrk.WaitForExitAsync();
        return report;
    }

    [GeneratedRegex(@"99%\s+(?<time>[\d.]+)(?<unit>us|ms|s)", RegexOptions.ExplicitCapture | RegexOptions.NonBacktracking)]
    private static partial Regex Percentile { get; }

    [GeneratedRegex(@"(?<count>\d+) requests in", RegexOptions.ExplicitCapture | RegexOptions.NonBacktracking)]
    private static partial Regex Requests { get; }

    [GeneratedRegex(@"(responses:|connect|read|write|timeout) (?<count>\d+)", RegexOptions.ExplicitCapture | RegexOptions.NonBacktracking)]
    private static partial Regex Failures { get; }
}
