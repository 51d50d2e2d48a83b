using Microsoft.AspNetCore.Components;
using Microsoft.AspNetCore.Components.Rendering;

namespace Kameleoon.Hybrid.Components;

/// <summary>Renders its content for visitors whose variation had no component before it in the same
/// <see cref="KameleoonFlag"/>.</summary>
public sealed class KameleoonElse : KameleoonComponent
{
    private bool? _isChosen;

    /// <summary>The content for these visitors.</summary>
    [Parameter]
    public RenderFragment? ChildContent { get; set; }

    [CascadingParameter]
    private FlagChoice? Choice { get; set; }

    /// <inheritdoc/>
    protected override void OnParametersSet()
    {
        _isChosen ??= FlagChoice.IsElseChosen(Choice, VariationElements.Components, Report);
    }

    /// <inheritdoc/>
    protected override void BuildRenderTree(RenderTreeBuilder builder)
    {
        ArgumentNullException.ThrowIfNull(builder);
        if (_isChosen == true)
        {
            builder.AddContent(0, ChildContent);
        }
    }
}
