using Microsoft.AspNetCore.Components;
using Microsoft.AspNetCore.Components.Rendering;

namespace Kameleoon.Hybrid.Components;

/// <summary>Hands the exposures of this request to the browser engine, as <see cref="TrackingTagHelper"/> does. Place it
/// after whatever decides.</summary>
/// <remarks>What is decided after it has rendered, for example when a component before it comes back from an
/// <c>await</c>, is reported by the server.</remarks>
public sealed class KameleoonTracking : KameleoonComponent
{
    private Exposure[] _exposures = [];
    private MarkupString _elements;

    /// <inheritdoc cref="TrackingTagHelper.Nonce"/>
    [Parameter]
    public string? Nonce { get; set; }

    /// <inheritdoc cref="TrackingTagHelper.GuardPrerender"/>
    [Parameter]
    public bool GuardPrerender { get; set; }

    [Inject]
    private TrackingTag Tag { get; set; } = null!;

    /// <inheritdoc/>
    protected override void OnParametersSet()
    {
        // What a streamed update adds to a page is inserted by a script, and then ours would not run.
        if (HttpContext is null || HttpContext.Response.HasStarted)
        {
            return;
        }

        // A component may be rendered again, and then only the last of its renderings is sent.
        _exposures = [.. _exposures, .. Tag.Take(HttpContext)];
        _elements = Render(Tag.Create(HttpContext, _exposures, Nonce, GuardPrerender));
    }

    /// <inheritdoc/>
    protected override void BuildRenderTree(RenderTreeBuilder builder)
    {
        ArgumentNullException.ThrowIfNull(builder);
        builder.AddContent(0, _elements);
    }
}
