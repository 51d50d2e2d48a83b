namespace Kameleoon.Hybrid;

/// <summary>A request to change what the browser shows.</summary>
/// <param name="Overrides">The keys of flags, each with the key of the variation to show, or null to decide the flag
/// again. Flags that are not named stay as they are.</param>
internal sealed record OverridesRequest(IReadOnlyDictionary<string, string?> Overrides);

/// <summary>What the browser shows.</summary>
/// <param name="Expires">When the overrides end, or null without overrides.</param>
/// <param name="Overrides">The keys of the overridden flags, each with the key of the variation.</param>
/// <param name="Flags">The flags that can be overridden.</param>
internal sealed record OverridesAnswer(
    DateTimeOffset? Expires,
    IReadOnlyDictionary<string, string> Overrides,
    IReadOnlyList<OverridableFlag> Flags);

/// <summary>A flag with its variations.</summary>
/// <param name="Key">The flag's key.</param>
/// <param name="Variations">The keys of its variations, the default one included.</param>
internal sealed record OverridableFlag(string Key, IReadOnlyList<string> Variations);
