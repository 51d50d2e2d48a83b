using Microsoft.AspNetCore.Components;
using Microsoft.AspNetCore.Components.Rendering;

namespace Kameleoon.Hybrid.Components;

/// <summary>Renders a link. It carries the visitor code if it leads to another domain of the site, as
/// <see cref="IKameleoonClient.GetCrossDomainLink"/> says.</summary>
/// <remarks>In an interactive component there is no request: the link is rendered as it is, and the engine adds the code
/// when the visitor follows it.</remarks>
public sealed class KameleoonCrossDomainLink : KameleoonComponent
{
    private string? _written;
    private string? _address;

    /// <summary>The address that the link leads to.</summary>
    [Parameter]
    [EditorRequired]
    public string Href { get; set; } = "";

    /// <summary>The content of the link.</summary>
    [Parameter]
    public RenderFragment? ChildContent { get; set; }

    /// <summary>Further attributes of the link, such as <c>class</c>.</summary>
    [Parameter(CaptureUnmatchedValues = true)]
    public IReadOnlyDictionary<string, object>? Attributes { get; set; }

    /// <inheritdoc/>
    protected override void OnParametersSet()
    {
        if (string.Equals(_written, Href, StringComparison.Ordinal))
        {
            return;
        }

        _written = Href;
        _address = HttpContext is { } context && AssignedRenderMode is null
            ? PageServices.Get<CrossDomainLinks>(context).Complete(RequestVisitor.Of(context), Href)
            : Href;
    }

    /// <inheritdoc/>
    protected override void BuildRenderTree(RenderTreeBuilder builder)
    {
        ArgumentNullException.ThrowIfNull(builder);
        builder.OpenElement(0, "a");
        builder.AddMultipleAttributes(1, Attributes);
        builder.AddAttribute(2, "href", _address);
        builder.AddContent(3, ChildContent);
        builder.CloseElement();
    }
}
