namespace Kameleoon.Hybrid;

/// <summary>What a page says about its engine; null where the settings decide.</summary>
internal sealed record EngineTagAttributes
{
    /// <summary>The component that renders again when the page changes, or null for a tag.</summary>
    internal object? Component { get; init; }

    internal EngineMode? Mode { get; init; }

    internal int? Timeout { get; init; }

    internal EngineOverlay? Overlay { get; init; }

    internal string? Src { get; init; }

    internal string? Nonce { get; init; }

    internal FetchPriority? Priority { get; init; }

    internal bool Preload { get; init; }

    internal bool? Unify { get; init; }
}
