namespace Kameleoon.Hybrid;

/// <summary>The attributes of an engine tag. For each null the settings apply.</summary>
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
