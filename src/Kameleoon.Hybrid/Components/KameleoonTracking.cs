using System.Text.Json.Nodes;
using Microsoft.AspNetCore.Components;
using Microsoft.AspNetCore.Components.Rendering;

namespace Kameleoon.Hybrid.Components;

/// <summary>Hands the exposures of this request to the browser engine, as <see cref="TrackingTagHelper"/> does. Place it
/// after whatever decides.</summary>
/// <remarks>What is decided after it has rendered, for example when a component before it comes back from an
/// <c>await</c>, is reported by the server.</remarks>
public sealed class KameleoonTracking : KameleoonComponent
{
    private readonly EngineCommands _commands = new();
    private Exposure[] _exposures = [];
    private MarkupString _elements;

    /// <inheritdoc cref="TrackingTagHelper.Nonce"/>
    [Parameter]
    public string? Nonce { get; set; }

    /// <inheritdoc cref="TrackingTagHelper.GuardPrerender"/>
    [Parameter]
    public bool GuardPrerender { get; set; }

    /// <summary>What else the engine is told: <see cref="KameleoonConversion"/> and <see cref="KameleoonCustomData"/>.
    /// </summary>
    [Parameter]
    public RenderFragment? ChildContent { get; set; }

    // What a streamed update adds to a page is inserted by a script, and then ours would not run.
    private bool IsTooLate => HttpContext is null || HttpContext.Response.HasStarted;

    /// <summary>Takes what a component inside it has to say.</summary>
    internal void Add(JsonArray? command)
    {
        _commands.Add(command);
        StateHasChanged();
    }

    /// <inheritdoc/>
    protected override void OnParametersSet()
    {
        // A component may be rendered again, and then only the last of its renderings is sent.
        if (!IsTooLate)
        {
            _exposures = [.. _exposures, .. PageServices.Get<TrackingTag>(HttpContext!).Take(HttpContext!)];
        }
    }

    /// <inheritdoc/>
    protected override void BuildRenderTree(RenderTreeBuilder builder)
    {
        ArgumentNullException.ThrowIfNull(builder);
        if (ChildContent is not null)
        {
            builder.OpenComponent<CascadingValue<KameleoonTracking>>(0);
            builder.AddComponentParameter(1, nameof(CascadingValue<KameleoonTracking>.Value), this);
            builder.AddComponentParameter(2, nameof(CascadingValue<KameleoonTracking>.IsFixed), true);
            builder.AddComponentParameter(3, nameof(CascadingValue<KameleoonTracking>.ChildContent), ChildContent);
            builder.CloseComponent();
        }

        if (!IsTooLate)
        {
            _elements = Render(PageServices.Get<TrackingTag>(HttpContext!).Create(HttpContext!, _exposures, Nonce, GuardPrerender, _commands.ToString()));
        }

        builder.AddContent(4, _elements);
    }
}
