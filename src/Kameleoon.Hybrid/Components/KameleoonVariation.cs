using Microsoft.AspNetCore.Components;
using Microsoft.AspNetCore.Components.Rendering;

namespace Kameleoon.Hybrid.Components;

/// <summary>Renders its content for visitors of one variation, and <see cref="Else"/> for all others.</summary>
/// <remarks>Counted as an evaluation, once for the page and flag. It needs a request: in an interactive render mode it
/// throws in Development, and renders <see cref="Else"/> elsewhere. Decide outside of the interactive component there,
/// and hand the result over as a parameter.</remarks>
public sealed class KameleoonVariation : KameleoonComponent
{
    private bool _isChosen;

    /// <summary>The flag's key, compared ordinally.</summary>
    [Parameter]
    [EditorRequired]
    public string Flag { get; set; } = "";

    /// <summary>The variation's key, compared ordinally.</summary>
    [Parameter]
    [EditorRequired]
    public string Key { get; set; } = "";

    /// <summary>What visitors of the variation see.</summary>
    [Parameter]
    public RenderFragment? ChildContent { get; set; }

    /// <summary>What all others see. Default: nothing.</summary>
    [Parameter]
    public RenderFragment? Else { get; set; }

    [Inject]
    private VariationTag Tag { get; set; } = null!;

    [Inject]
    private TagMistakes Mistakes { get; set; } = null!;

    /// <inheritdoc/>
    protected override void OnParametersSet()
    {
        if (HttpContext is null || AssignedRenderMode is not null)
        {
            Mistakes.Report(HttpContext, $"<KameleoonVariation Flag=\"{Flag}\"> stands in an interactive component, where "
                + "there is no request to decide for. Decide outside of it and hand the result over as a parameter.");
            return;
        }

        _isChosen = string.Equals(Tag.Decide(HttpContext, Flag).Key, Key, StringComparison.Ordinal);
    }

    /// <inheritdoc/>
    protected override void BuildRenderTree(RenderTreeBuilder builder)
    {
        ArgumentNullException.ThrowIfNull(builder);
        builder.AddContent(0, _isChosen ? ChildContent : Else);
    }
}
