using Microsoft.AspNetCore.Components;
using Microsoft.AspNetCore.Components.Rendering;

namespace Kameleoon.Hybrid.Components;

/// <summary>Renders its content for visitors whose variation had no component before it in the same
/// <see cref="KameleoonFlag"/>.</summary>
public sealed class KameleoonElse : KameleoonComponent
{
    private bool? _isChosen;

    /// <summary>What they see.</summary>
    [Parameter]
    public RenderFragment? ChildContent { get; set; }

    [CascadingParameter]
    private FlagChoice? Choice { get; set; }

    /// <inheritdoc/>
    protected override void OnParametersSet()
    {
        if (Choice is null)
        {
            Report("<KameleoonElse> stands outside of a <KameleoonFlag>, so it is nobody's else. Put it inside, as the last.");
        }

        _isChosen ??= Choice?.ChooseElse() ?? false;
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
