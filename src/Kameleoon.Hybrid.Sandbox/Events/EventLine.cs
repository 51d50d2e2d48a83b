using System.Globalization;

namespace Kameleoon.Hybrid.Sandbox;

/// <summary>One event as it was posted, parsed and checked.</summary>
/// <param name="Type">The type under its canonical name, or what was posted in its place.</param>
/// <param name="Nonce">The event's identity, or null when it has none.</param>
/// <param name="VisitorCode">The visitor, or null when the line names none.</param>
/// <param name="Fields">Everything else, decoded; long values are cut, but those that figures are made of are whole.</param>
/// <param name="Violations">What is wrong with the line, one sentence each.</param>
/// <param name="Counts">Whether the line is sound enough to be counted.</param>
internal sealed record EventLine(
    string Type,
    string? Nonce,
    string? VisitorCode,
    IReadOnlyDictionary<string, string> Fields,
    IReadOnlyList<string> Violations,
    bool Counts)
{
    /// <summary>Whether the visitor is named by the value of the mapping identifier.</summary>
    internal bool IsMapped => Fields.ContainsKey("mappingValue");

    internal bool Negative => Fields.GetValueOrDefault("negative") is "true";

    /// <summary>The goal's revenue; 0 when the line names none.</summary>
    internal decimal Revenue => Fields.TryGetValue("revenue", out var text)
        ? decimal.Parse(text, NumberStyles.Float, CultureInfo.InvariantCulture)
        : 0;

    /// <summary>A whole number that the rules of the type have checked.</summary>
    internal long Number(string name) =>
        long.Parse(Fields[name], NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture);
}
