using Microsoft.AspNetCore.Components;
using Microsoft.AspNetCore.Components.Rendering;

namespace Kameleoon.Hybrid.Components;

/// <summary>Shows the page's visitor, decisions and reports, as <see cref="InspectorTagHelper"/> does. Place it last in the
/// body, after <see cref="KameleoonTracking"/>.</summary>
/// <remarks>Renders in the environment called Development, and elsewhere for those whom <see cref="Policy"/> allows. What is
/// decided after the response has started is missing in it.</remarks>
public sealed class KameleoonInspector : PageComponent
{
    private MarkupString _elements;
    private bool _mayShow;

    /// <inheritdoc cref="InspectorTagHelper.Nonce"/>
    [Parameter]
    public string? Nonce { get; set; }

    /// <inheritdoc cref="InspectorTagHelper.Policy"/>
    [Parameter]
    public string? Policy { get; set; }

    /// <inheritdoc/>
    protected override async Task OnParametersSetAsync()
    {
        _mayShow = HttpContext is not null && await PageServices.Get<InspectorAccess>(HttpContext).MayShowAsync(HttpContext, Policy);
    }

    /// <inheritdoc/>
    protected override void BuildRenderTree(RenderTreeBuilder builder)
    {
        ArgumentNullException.ThrowIfNull(builder);
        if (_mayShow && !IsTooLate)
        {
            _elements = Render(PageServices.Get<Inspector>(HttpContext!).Create(HttpContext!, Nonce));
        }

        builder.AddContent(0, _elements);
    }
}
