using Microsoft.AspNetCore.Components;
using Microsoft.AspNetCore.Components.Rendering;

namespace Kameleoon.Hybrid.Components;

/// <summary>Renders its content for visitors of one variation, and <see cref="Else"/> for all others.</summary>
/// <remarks>Stands alone with <see cref="Flag"/>, or inside a <see cref="KameleoonFlag"/>. Counted as an evaluation, once
/// for the page and flag. It needs a request: in an interactive render mode it throws in Development, and renders
/// <see cref="Else"/> elsewhere. Decide outside of the interactive component there, and hand the result over as a
/// parameter.</remarks>
public sealed class KameleoonVariation : KameleoonComponent
{
    private bool? _isChosen;

    /// <summary>The flag's key, compared ordinally. Default: that of the <see cref="KameleoonFlag"/> around.</summary>
    [Parameter]
    public string? Flag { get; set; }

    /// <summary>The variation's key, compared ordinally.</summary>
    [Parameter]
    [EditorRequired]
    public string Key { get; set; } = "";

    /// <summary>The content for visitors of the variation.</summary>
    [Parameter]
    public RenderFragment? ChildContent { get; set; }

    /// <summary>The content for all other visitors. Default: nothing.</summary>
    [Parameter]
    public RenderFragment? Else { get; set; }

    [CascadingParameter]
    private FlagChoice? Choice { get; set; }

    /// <inheritdoc/>
    protected override void OnParametersSet() => _isChosen ??= Choose();

    /// <inheritdoc/>
    protected override void BuildRenderTree(RenderTreeBuilder builder)
    {
        ArgumentNullException.ThrowIfNull(builder);
        builder.AddContent(0, _isChosen == true ? ChildContent : Else);
    }

    private bool Choose()
    {
        if (Flag is null)
        {
            return FlagChoice.IsVariationChosen(Choice, Key, VariationElements.Components, Report);
        }

        return !IsInteractive($"<KameleoonVariation Flag=\"{Flag}\">")
            && PageServices.Get<VariationTag>(HttpContext).IsChosen(HttpContext, Flag, Key);
    }
}
