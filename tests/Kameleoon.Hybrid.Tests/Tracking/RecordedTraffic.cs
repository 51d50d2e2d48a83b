using System.Text.Json;

namespace Kameleoon.Hybrid.Tests;

/// <summary>What the official SDKs were seen to do, step by step.</summary>
internal static class RecordedTraffic
{
    private static readonly string Folder = Path.Combine(AppContext.BaseDirectory, "Tracking", "Wire");

    internal static readonly string DataFile = File.ReadAllText(Path.Combine(Folder, "configuration.json"));

    internal static string DataFileWithConsent =>
        DataFile.Replace("\"NOT_REQUIRED\"", "\"REQUIRED\"", StringComparison.Ordinal);

    /// <summary>The recordings there are, by their files.</summary>
    internal static string[] Names { get; } = [.. Directory.GetFiles(Folder, "*.json")
        .Select(file => Path.GetFileNameWithoutExtension(file)!).Where(name => name != "configuration").Order(StringComparer.Ordinal)];

    /// <summary>The steps of a recording by their names.</summary>
    internal static OrderedDictionary<string, JsonElement> Steps(string recording)
    {
        var root = JsonElement.Parse(File.ReadAllBytes(Path.Combine(Folder, recording + ".json")));
        var (list, name) = root.TryGetProperty("cases", out var cases) ? (cases, "case") : (root.GetProperty("steps"), "step");
        var steps = new OrderedDictionary<string, JsonElement>(StringComparer.Ordinal);
        foreach (var step in list.EnumerateArray())
        {
            steps.Add(step.GetProperty(name).GetString()!, step);
        }

        return steps;
    }

    /// <summary>What was sent in a step.</summary>
    internal static IEnumerable<WireRequest> Requests(JsonElement step) =>
        step.GetProperty("requests").EnumerateArray().Select(request => new WireRequest(
            request.GetProperty("method").GetString()!,
            new Uri(request.GetProperty("url").GetString()!),
            request.TryGetProperty("headers", out var headers)
                ? headers.EnumerateObject().ToDictionary(
                    header => header.Name, header => header.Value.GetString()!, StringComparer.OrdinalIgnoreCase)
                : [],
            request.TryGetProperty("body", out var body) ? body.GetString()! : ""));
}
