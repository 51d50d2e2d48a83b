using System.Globalization;
using Kameleoon.Hybrid.Simulation;

namespace Kameleoon.Hybrid.Benchmarks;

/// <summary>Requests per second of a thousand servers through an outage from minute 10 to minute 20.</summary>
internal static class HerdTable
{
    private static readonly string[] Columns =
        ["From", "To", "Polling, mean", "Peak", "Streaming, mean", "Peak"];

    internal static void Write()
    {
        var polling = Run(options => options.RefreshInterval = TimeSpan.FromMinutes(1));
        var streaming = Run(options => options.Configuration.Mode = ConfigurationMode.Streaming);
        Console.WriteLine($"| {string.Join(" | ", Columns)} |");
        Console.WriteLine($"|{string.Concat(Columns.Select(_ => "---:|"))}");
        (int From, int To)[] spans =
        [
            (0, 600), (600, 605), (605, 630), (630, 660), (660, 720), (720, 1200), (1200, 1230), (1230, 1260), (1260, 2100),
        ];
        foreach (var (from, to) in spans)
        {
            Console.WriteLine(string.Create(CultureInfo.InvariantCulture,
                $"| {At(from)} | {At(to)} | {Of(polling, from, to)} | {Of(streaming, from, to)} |"));
        }
    }

    private static Herd Run(Action<KameleoonOptions> configure)
    {
        var options = new KameleoonOptions();
        configure(options);
        return Herd.Run(new HerdSettings(options));
    }

    private static string At(int second) => TimeSpan.FromSeconds(second).ToString(@"mm\:ss", CultureInfo.InvariantCulture);

    private static string Of(Herd herd, int from, int to) => string.Create(CultureInfo.InvariantCulture,
        $"{herd.Requests[from..to].Average():0.0} | {herd.Peak(TimeSpan.FromSeconds(from), TimeSpan.FromSeconds(to)):0}");
}
