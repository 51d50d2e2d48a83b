using Microsoft.AspNetCore.Components;
using Microsoft.AspNetCore.Components.Rendering;

namespace Kameleoon.Hybrid.Components;

/// <summary>Decides a flag for the components inside it, as <see cref="FlagTagHelper"/> does:
/// <see cref="KameleoonVariation"/>, and <see cref="KameleoonElse"/> as the last.</summary>
/// <remarks>Counted as an evaluation, once for the page. It needs a request: in an interactive render mode it throws in
/// Development, and renders the else content in other environments.</remarks>
public sealed class KameleoonFlag : KameleoonComponent
{
    private FlagChoice? _choice;

    /// <summary>The flag's key, compared ordinally.</summary>
    [Parameter]
    [EditorRequired]
    public string Key { get; set; } = "";

    /// <summary>The variations.</summary>
    [Parameter]
    public RenderFragment? ChildContent { get; set; }

    /// <inheritdoc/>
    protected override void OnParametersSet() =>
        _choice ??= new FlagChoice(IsInteractive($"<KameleoonFlag Key=\"{Key}\">") ? null : PageServices.Get<VariationTag>(HttpContext).Decide(HttpContext, Key).Key);

    /// <inheritdoc/>
    protected override void BuildRenderTree(RenderTreeBuilder builder)
    {
        ArgumentNullException.ThrowIfNull(builder);
        builder.OpenComponent<CascadingValue<FlagChoice>>(0);
        builder.AddComponentParameter(1, nameof(CascadingValue<FlagChoice>.Value), _choice);
        builder.AddComponentParameter(2, nameof(CascadingValue<FlagChoice>.IsFixed), true);
        builder.AddComponentParameter(3, nameof(CascadingValue<FlagChoice>.ChildContent), ChildContent);
        builder.CloseComponent();
    }
}
