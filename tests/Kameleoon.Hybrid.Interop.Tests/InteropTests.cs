using System.Globalization;
using System.Security.Cryptography;
using System.Text.Json;
using Xunit.Abstractions;

namespace Kameleoon.Hybrid.Interop.Tests;

/// <summary>Decides random sites with the kernel and with the official JavaScript core.</summary>
public sealed class InteropTests(ITestOutputHelper output) : IDisposable
{
    private const int VisitorsPerSite = 50;

    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("interop");

    private string Cases => Path.Combine(_folder.FullName, "cases.jsonl");

    private string Decisions => Path.Combine(_folder.FullName, "decisions.jsonl");

    public void Dispose() => _folder.Delete(recursive: true);

    [OfficialCoreFact]
    public void The_kernel_decides_as_the_official_core_does()
    {
        var seed = Setting("KAMELEOON_INTEROP_SEED") ?? RandomNumberGenerator.GetInt32(int.MaxValue);
        var sites = Setting("KAMELEOON_INTEROP_SITES") ?? 200;
        output.WriteLine(string.Create(CultureInfo.InvariantCulture, $"seed {seed}"));
        File.WriteAllLines(Cases, Enumerable.Range(0, sites)
            .Select(number => RandomSite.Draw(seed, number, VisitorsPerSite).ToJsonString()));

        OfficialCore.Decide(Cases, Decisions);

        var agreement = Compare();
        var line = string.Create(
            CultureInfo.InvariantCulture,
            $"interop: {agreement.Equal} decisions equal, {agreement.Different} different, seed {seed}");
        Console.WriteLine(line);
        output.WriteLine(line);
        agreement.Different.ShouldBe(0, $"{line}\n\n{string.Join("\n\n", agreement.Differences)}");
        agreement.Equal.ShouldBeGreaterThan(sites * VisitorsPerSite);
    }

    private static int? Setting(string name) =>
        int.TryParse(Environment.GetEnvironmentVariable(name), CultureInfo.InvariantCulture, out var value)
            ? value
            : null;

    private Agreement Compare()
    {
        var agreement = new Agreement();
        foreach (var (site, decided) in File.ReadLines(Cases).Zip(File.ReadLines(Decisions)))
        {
            using var document = JsonDocument.Parse(site);
            using var official = JsonDocument.Parse(decided);
            new KernelSite(document.RootElement).Compare(official.RootElement, agreement);
        }

        return agreement;
    }
}
