using System.Diagnostics;
using System.Globalization;
using System.Text.RegularExpressions;
using Kameleoon.Hybrid.Sandbox;
using Microsoft.Extensions.Logging;

namespace Kameleoon.Hybrid.Benchmarks;

/// <summary>Posts events to the sandbox with wrk, each in a request of its own as browsers do, and tells how many one core
/// takes.</summary>
/// <remarks>A process of its own on loopback, with its storage in a file. By processor time, so that what else runs on the
/// machine counts little.</remarks>
internal static partial class SandboxLoad
{
    private const int Port = 5731;

    // wrk's own language. Each request is another event, of 5,000 visitors.
    private const string Script = """
        local number = 0
        request = function()
          number = number + 1
          local line = string.format(
            "eventType=experiment&id=1&variationId=%d&nonce=%016X&visitorCode=v%015d", 2 + number % 2, number, number % 5000)
          return wrk.format("POST", "/visit/events?sdkName=CSHARP&sdkVersion=4.22.0&siteCode=abcde12345&bodyUa=true", {}, line)
        end
        """;

    internal static async Task PrintAsync(int rounds)
    {
        var folder = Directory.CreateTempSubdirectory("sandbox-load").FullName;
        var script = Path.Combine(folder, "events.lua");
        await File.WriteAllTextAsync(script, Script);
        var dataFile = Path.Combine(folder, "data-file.json");
        await File.WriteAllBytesAsync(dataFile, BenchmarkSite.Write(50));
        using var sandbox = Process.Start(new ProcessStartInfo(
            Environment.ProcessPath!, ["serve", "sandbox", Port.ToString(CultureInfo.InvariantCulture), dataFile])
        {
            UseShellExecute = false,
            RedirectStandardOutput = true,
        })!;
        try
        {
            await KestrelRounds.UntilUpAsync([Port]);
            var perCore = new List<double>();
            for (var round = -2; round < rounds; round++)
            {
                var taken = await MeasureAsync(sandbox, script);
                if (round >= 0)
                {
                    perCore.Add(taken);
                }
            }

            perCore.Sort();
            Console.WriteLine(string.Create(
                CultureInfo.InvariantCulture,
                $"events in requests of their own: {perCore[rounds / 2]:N0} a second and core ({perCore[0]:N0} to {perCore[^1]:N0})"));
        }
        finally
        {
            sandbox.Kill();
            await sandbox.WaitForExitAsync();
            Directory.Delete(folder, recursive: true);
        }
    }

    internal static async Task RunAsync(int port, string dataFile)
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.Services.AddKameleoonSandbox();
        builder.Services.Configure<KameleoonSandboxOptions>(options =>
        {
            options.Enabled = true;
            options.DataFile = dataFile;
            options.Storage = Path.ChangeExtension(dataFile, "db");
        });
        await using var app = builder.Build();
        app.Urls.Add(string.Create(CultureInfo.InvariantCulture, $"http://127.0.0.1:{port}"));
        app.MapKameleoonSandbox(prefix: "");
        await app.RunAsync();
    }

    private static async Task<double> MeasureAsync(Process sandbox, string script)
    {
        sandbox.Refresh();
        var before = sandbox.TotalProcessorTime;
        using var wrk = Process.Start(new ProcessStartInfo(
            "wrk",
            ["-t1", "-c8", "-d2s", "-s", script, string.Create(CultureInfo.InvariantCulture, $"http://127.0.0.1:{Port}/")])
        {
            UseShellExecute = false,
            RedirectStandardOutput = true,
        })!;
        var output = await wrk.StandardOutput.ReadToEndAsync();
        await wrk.WaitForExitAsync();
        if (output.Contains("Non-2xx", StringComparison.Ordinal))
        {
            throw new InvalidOperationException(output);
        }

        sandbox.Refresh();
        var requests = double.Parse(Requests.Match(output).Groups["requests"].Value, CultureInfo.InvariantCulture);
        return requests / (sandbox.TotalProcessorTime - before).TotalSeconds;
    }

    [GeneratedRegex(@"(?<requests>[0-9]+) requests in", RegexOptions.ExplicitCapture | RegexOptions.CultureInvariant, 1000)]
    private static partial Regex Requests { get; }
}
