using Microsoft.AspNetCore.Components;
using Microsoft.AspNetCore.Components.Rendering;

namespace Kameleoon.Hybrid.Components;

/// <summary>Shows a developer the page's visitor, decisions and reports, as <see cref="InspectorTagHelper"/> does. Place it
/// last in the body, after <see cref="KameleoonTracking"/>.</summary>
/// <remarks>Renders in the environment called Development only. What is decided after the response has started is missing
/// in it.</remarks>
public sealed class KameleoonInspector : PageComponent
{
    private MarkupString _elements;

    /// <inheritdoc cref="InspectorTagHelper.Nonce"/>
    [Parameter]
    public string? Nonce { get; set; }

    /// <inheritdoc/>
    protected override void BuildRenderTree(RenderTreeBuilder builder)
    {
        ArgumentNullException.ThrowIfNull(builder);
        if (!IsTooLate)
        {
            _elements = Render(PageServices.Get<Inspector>(HttpContext!).Create(HttpContext!, Nonce));
        }

        builder.AddContent(0, _elements);
    }
}
