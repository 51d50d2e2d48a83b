using Microsoft.AspNetCore.Components;
using Microsoft.AspNetCore.Components.Rendering;

namespace Kameleoon.Hybrid.Components;

/// <summary>Loads the browser engine of the site, as <see cref="EngineTagHelper"/> does. Place it once, in <c>App.razor</c>:
/// at the end of the body for hybrid pages.</summary>
/// <remarks>If pages, layouts or nested components decide flags before the response starts, it passes the visitor code to
/// an engine that would choose another one.</remarks>
public sealed class KameleoonEngine : PageComponent, IDisposable
{
    private MarkupString _elements;

    /// <inheritdoc cref="EngineTagHelper.Mode"/>
    [Parameter]
    public EngineMode? Mode { get; set; }

    /// <inheritdoc cref="EngineTagHelper.Timeout"/>
    [Parameter]
    public int? Timeout { get; set; }

    /// <inheritdoc cref="EngineTagHelper.Overlay"/>
    [Parameter]
    public EngineOverlay? Overlay { get; set; }

    /// <inheritdoc cref="EngineTagHelper.Src"/>
    [Parameter]
    public string? Src { get; set; }

    /// <inheritdoc cref="EngineTagHelper.Nonce"/>
    [Parameter]
    public string? Nonce { get; set; }

    /// <inheritdoc cref="EngineTagHelper.Priority"/>
    [Parameter]
    public FetchPriority? Priority { get; set; }

    /// <inheritdoc cref="EngineTagHelper.Preload"/>
    [Parameter]
    public bool Preload { get; set; }

    /// <inheritdoc cref="EngineTagHelper.Unify"/>
    [Parameter]
    public bool? Unify { get; set; }

    /// <inheritdoc cref="EngineTagHelper.Enabled"/>
    [Parameter]
    public bool Enabled { get; set; } = true;

    /// <summary>Lets another component load the engine, if the page drops this one before it is sent: a router may show another
    /// layout by then.</summary>
    public void Dispose()
    {
        if (!IsTooLate && HttpContext!.Features.Find<RequestVisitor>() is { } visitor)
        {
            visitor.KnownPage?.ReleaseEngine(this);
        }
    }

    /// <inheritdoc/>
    protected override void BuildRenderTree(RenderTreeBuilder builder)
    {
        ArgumentNullException.ThrowIfNull(builder);
        if (Enabled && !IsTooLate)
        {
            NoteStatus();
            _elements = Render(PageServices.Get<EngineTag>(HttpContext!).Create(HttpContext!, ReadAttributes()));
        }

        builder.AddContent(0, _elements);
    }

    private EngineTagAttributes ReadAttributes() => new()
    {
        Component = this,
        Mode = Mode,
        Timeout = Timeout,
        Overlay = Overlay,
        Src = Src,
        Nonce = Nonce,
        Priority = Priority,
        Preload = Preload,
        Unify = Unify,
    };
}
