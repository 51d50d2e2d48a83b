namespace Kameleoon.Hybrid.Sandbox;

/// <summary>An event that the sandbox received.</summary>
public sealed record SandboxEvent
{
    private SandboxEvent()
    {
    }

    /// <summary>The time of its arrival, by the sandbox's clock.</summary>
    public required DateTimeOffset Time { get; init; }

    /// <summary>Whether the browser engine sent it; otherwise a server did.</summary>
    public required bool FromEngine { get; init; }

    /// <summary>The type, such as <c>experiment</c>, <c>conversion</c> or <c>page</c>.</summary>
    public required string Type { get; init; }

    /// <summary>The visitor, or null when the line names none.</summary>
    public required string? VisitorCode { get; init; }

    /// <summary>The feature flag of an exposure, or null when the project does not know it.</summary>
    public required string? FeatureKey { get; init; }

    /// <summary>The variation of an exposure, or null when the project does not know it.</summary>
    public required string? VariationKey { get; init; }

    /// <summary>The decoded fields, by their names on the wire.</summary>
    public required IReadOnlyDictionary<string, string> Fields { get; init; }

    /// <summary>The problems of the event, one sentence each.</summary>
    public required IReadOnlyList<string> Violations { get; init; }

    /// <summary>Whether it is counted: it is valid and was not received before.</summary>
    public required bool IsCounted { get; init; }

    internal static SandboxEvent Of(RecordedEvent entry) => new()
    {
        Time = entry.Time,
        FromEngine = entry.Sender == EventSender.Engine,
        Type = entry.Type,
        VisitorCode = entry.VisitorCode,
        FeatureKey = entry.Flag,
        VariationKey = entry.Variation,
        Fields = entry.Fields,
        Violations = entry.Violations,
        IsCounted = entry.Counted,
    };
}
