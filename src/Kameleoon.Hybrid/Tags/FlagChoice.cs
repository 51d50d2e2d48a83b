using Microsoft.AspNetCore.Razor.TagHelpers;

namespace Kameleoon.Hybrid;

/// <summary>What the tags inside a <c>kameleoon-flag</c> know: the visitor's variation, and whether it had its turn.
/// </summary>
/// <param name="variation">The variation's key, or null where there is nobody to decide for.</param>
internal sealed class FlagChoice(string? variation)
{
    /// <summary>Whether a tag before rendered its content.</summary>
    internal bool IsMade { get; private set; }

    /// <summary>Whether the content for everybody else was reached.</summary>
    internal bool IsClosed { get; private set; }

    internal static FlagChoice? Of(TagHelperContext context) =>
        context.Items.TryGetValue(typeof(FlagChoice), out var choice) ? (FlagChoice)choice : null;

    internal bool Choose(string key)
    {
        var chosen = string.Equals(key, variation, StringComparison.Ordinal);
        IsMade |= chosen;
        return chosen;
    }

    internal bool ChooseElse()
    {
        IsClosed = true;
        return !IsMade;
    }
}
