using System.Text.Json;
using System.Text.RegularExpressions;

namespace Kameleoon.Hybrid.Tests;

/// <summary>What the official SDKs were seen to send.</summary>
internal static partial class RecordedTraffic
{
    private static readonly string Folder = Path.Combine(AppContext.BaseDirectory, "Tracking", "Wire");

    internal static readonly string DataFile = File.ReadAllText(Path.Combine(Folder, "configuration.json"));

    internal static string DataFileWithConsent =>
        DataFile.Replace("\"NOT_REQUIRED\"", "\"REQUIRED\"", StringComparison.Ordinal);

    /// <summary>The lines of the last tracking request of a step, as they were.</summary>
    internal static string[] Lines(string file, string step)
    {
        using var recording = JsonDocument.Parse(File.ReadAllText(Path.Combine(Folder, file + ".json")));
        var recorded = recording.RootElement.GetProperty("steps").EnumerateArray()
            .Single(candidate => candidate.GetProperty("step").GetString()!.StartsWith(step, StringComparison.Ordinal));
        return recorded.GetProperty("requests").EnumerateArray()
            .Last(request => request.GetProperty("url").GetString()!.Contains("/visit/events", StringComparison.Ordinal))
            .GetProperty("body").GetString()!.Split('\n', StringSplitOptions.RemoveEmptyEntries);
    }

    /// <summary>A line as a set of decoded parameters, its nonce checked and replaced, numbers without idle zeros.</summary>
    internal static string Parsed(string line)
    {
        var pairs = line.Split('&').Select(pair => pair.Split('=', 2)).ToDictionary(
            pair => pair[0], pair => Uri.UnescapeDataString(pair[1]), StringComparer.Ordinal);
        pairs["nonce"].ShouldMatch("^[0-9A-F]{16}$");
        pairs["nonce"] = "N";
        return string.Join('\n', pairs
            .Select(pair => $"{pair.Key}={IdleZeros.Replace(pair.Value, "${number}")}")
            .Order(StringComparer.Ordinal));
    }

    internal static string WithoutNonce(string line) => Nonce.Replace(line, "nonce=N");

    [GeneratedRegex(@"^(?<number>-?\d+\.\d*[1-9])0+$", RegexOptions.ExplicitCapture | RegexOptions.NonBacktracking)]
    private static partial Regex IdleZeros { get; }

    [GeneratedRegex("nonce=[0-9A-F]{16}", RegexOptions.NonBacktracking)]
    private static partial Regex Nonce { get; }
}
