namespace Kameleoon.Hybrid;

/// <summary>What the tracking tag of a page renders.</summary>
internal readonly struct TrackingParts()
{
    /// <summary>The visitor code that the page passes to the engine, or null for none.</summary>
    internal required string? ImposedCode { get; init; }

    internal ExposureEntry[] Entries { get; init; } = [];

    /// <summary>Further commands for the engine, each a statement.</summary>
    internal string Commands { get; init; } = "";

    internal string? Nonce { get; init; }

    /// <summary>Whether the tag passes the exposures to the engine.</summary>
    internal required bool HasCommands { get; init; }

    /// <summary>Whether the server reports the exposures once the page reports that it is shown.</summary>
    internal required bool IsToldWhenShown { get; init; }

    /// <summary>Whether nothing is reported before the page is shown.</summary>
    internal required bool GuardPrerender { get; init; }

    /// <summary>The address at which the page reports its exposures to the server, or null if the server reports them
    /// in any case.</summary>
    internal required string? SeenPath { get; init; }

    /// <summary>The mark of the page's visitor code. See <see cref="SeenPage"/>.</summary>
    internal required int Visitor { get; init; }

    /// <summary>How often exposures of the visitor were taken back from pages. See <see
    /// cref="HandedExposures.GenerationOf"/>.</summary>
    internal required ushort Generation { get; init; }

    /// <summary>Whether the page has a number of its own, by which the server knows a second report of it.</summary>
    internal required bool IsNumbered { get; init; }

    /// <summary>Whether the browser may run without JavaScript.</summary>
    /// <remarks>False when a script fetches the HTML: a script's parser runs no scripts, and would load the
    /// image.</remarks>
    internal required bool HasImage { get; init; }

    /// <summary>Whether the response had started when the tag rendered, so that nothing tells whether a text with the tag
    /// was sent.</summary>
    internal required bool IsLate { get; init; }
}
