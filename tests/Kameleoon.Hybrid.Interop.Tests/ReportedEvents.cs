using Kameleoon.Hybrid.Sandbox;

namespace Kameleoon.Hybrid.Interop.Tests;

/// <summary>What a sandbox heard of visitors, field by field, without the nonces, in a form in which two of them are
/// compared.</summary>
/// <param name="Lines">Visitor, type and fields of each event.</param>
/// <param name="UserAgents">The user agent each visitor came with.</param>
internal sealed record ReportedEvents(List<string> Lines, List<string> UserAgents)
{
    /// <summary>The fields that differ, and why.</summary>
    private static readonly Dictionary<string, string> Differences = new(StringComparer.Ordinal)
    {
        ["userAgent"] = "Each puts it into a visitor's first line, and the core begins with exposures; see UserAgents.",
        ["browser"] = "Only the core names the browser beside its number; the other official SDKs do as ours.",
    };

    internal static ReportedEvents Of(IReadOnlyList<SandboxEvent> events) => new(
        [.. events.Where(sent => !IsRepeatedLink(sent)).Select(Read).Order(StringComparer.Ordinal)],
        [
            .. events.Where(sent => sent.Fields.ContainsKey("userAgent"))
                .Select(sent => $"{sent.VisitorCode} {sent.Fields["userAgent"]}").Distinct(StringComparer.Ordinal).Order(StringComparer.Ordinal),
        ]);

    // The core tells that a person's codes belong together under the browser's code only; the other official SDKs, and ours,
    // say so again under the person's.
    private static bool IsRepeatedLink(SandboxEvent sent) =>
        sent.Fields.ContainsKey("mappingIdentifier") && sent.Fields.ContainsKey("mappingValue");

    private static string Read(SandboxEvent sent) => $"{sent.VisitorCode} {sent.Type} {string.Join(' ', sent.Fields
        .Where(field => !Differences.ContainsKey(field.Key))
        .OrderBy(field => field.Key, StringComparer.Ordinal).Select(field => $"{field.Key}={field.Value}"))}";
}
