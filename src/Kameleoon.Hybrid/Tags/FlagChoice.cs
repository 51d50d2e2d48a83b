using Microsoft.AspNetCore.Razor.TagHelpers;

namespace Kameleoon.Hybrid;

/// <summary>Chooses which elements inside a flag element render their content. Tags and components share it.</summary>
/// <param name="variation">The key of the visitor's variation, or null when there is no visitor to decide for.</param>
internal sealed class FlagChoice(string? variation)
{
    private bool _isMade;
    private bool _isClosed;

    /// <summary>Returns the choice of the flag tag around a tag, or null outside of one.</summary>
    internal static FlagChoice? Of(TagHelperContext context) =>
        context.Items.TryGetValue(typeof(FlagChoice), out var choice) ? (FlagChoice)choice : null;

    /// <summary>Returns whether the content of a variation is rendered.</summary>
    /// <param name="choice">The choice of the flag element around, or null outside of one.</param>
    /// <param name="key">The key of the variation.</param>
    /// <param name="names">The names of the elements.</param>
    /// <param name="report">Called with a message when the element is misplaced.</param>
    internal static bool IsVariationChosen(
        FlagChoice? choice, string key, VariationElements names, Action<string> report)
    {
        var element = $"<{names.Variation} {names.KeyAttribute}=\"{key}\">";
        switch (choice)
        {
            case null:
                report($"{element} does not name its flag. Give it the attribute {names.FlagAttribute}, or put it inside "
                    + $"a <{names.Flag}>.");
                return false;
            case { _isClosed: true }:
                report($"{element} comes after the <{names.Else}> of its flag, so both could be shown. Put the "
                    + $"<{names.Else}> last.");
                return false;
            default:
                return choice.Choose(key);
        }
    }

    /// <summary>Returns whether the content for all other visitors is rendered: no variation before it was.</summary>
    /// <param name="choice">The choice of the flag element around, or null outside of one.</param>
    /// <param name="names">The names of the elements.</param>
    /// <param name="report">Called with a message when the element is misplaced.</param>
    internal static bool IsElseChosen(FlagChoice? choice, VariationElements names, Action<string> report)
    {
        if (choice is null)
        {
            report($"<{names.Else}> is not inside a <{names.Flag}>. Put it inside, after all variations.");
            return false;
        }

        choice._isClosed = true;
        return !choice._isMade;
    }

    private bool Choose(string key)
    {
        var isChosen = string.Equals(key, variation, StringComparison.Ordinal);
        _isMade |= isChosen;
        return isChosen;
    }
}
