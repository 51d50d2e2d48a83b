using System.Globalization;
using Kameleoon.Hybrid.Simulation;

namespace Kameleoon.Hybrid.Benchmarks;

/// <summary>Requests per second of a thousand servers through an outage from minute 10 to minute 20, and all requests of a thousand
/// that share the data file.</summary>
internal static class HerdTable
{
    private static readonly string[] Columns =
        ["From", "To", "Polling, mean", "Peak", "Streaming, mean", "Peak", "Farm polling, all", "Farm streaming, all"];

    internal static void Write()
    {
        var polling = Run(Polling, isFarm: false);
        var streaming = Run(Streaming, isFarm: false);
        var farmPolling = Run(Polling, isFarm: true);
        var farmStreaming = Run(Streaming, isFarm: true);
        Console.WriteLine($"| {string.Join(" | ", Columns)} |");
        Console.WriteLine($"|{string.Concat(Columns.Select(_ => "---:|"))}");
        (int From, int To)[] spans =
        [
            (0, 600), (600, 605), (605, 630), (630, 660), (660, 720), (720, 1200), (1200, 1230), (1230, 1260), (1260, 2100),
        ];
        foreach (var (from, to) in spans)
        {
            Console.WriteLine(string.Create(CultureInfo.InvariantCulture,
                $"| {At(from)} | {At(to)} | {Of(polling, from, to)} | {Of(streaming, from, to)} | "
                + $"{farmPolling.Requests[from..to].Sum()} | {farmStreaming.Requests[from..to].Sum()} |"));
        }
    }

    private static void Polling(KameleoonOptions options) => options.RefreshInterval = TimeSpan.FromMinutes(1);

    private static void Streaming(KameleoonOptions options) => options.Configuration.Mode = ConfigurationMode.Streaming;

    private static Herd Run(Action<KameleoonOptions> configure, bool isFarm)
    {
        var options = new KameleoonOptions();
        configure(options);
        return Herd.Run(new HerdSettings(options) { IsFarm = isFarm });
    }

    private static string At(int second) => TimeSpan.FromSeconds(second).ToString(@"mm\:ss", CultureInfo.InvariantCulture);

    private static string Of(Herd herd, int from, int to) => string.Create(CultureInfo.InvariantCulture,
        $"{herd.Requests[from..to].Average():0.0} | {herd.Peak(TimeSpan.FromSeconds(from), TimeSpan.FromSeconds(to)):0}");
}
