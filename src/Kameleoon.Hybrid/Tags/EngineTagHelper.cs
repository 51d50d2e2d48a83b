using Microsoft.AspNetCore.Razor.TagHelpers;

namespace Kameleoon.Hybrid.TagHelpers;

/// <summary>Loads the browser engine of the site. Place it once: at the end of the body for hybrid pages, in the head
/// for the modes that change the page before it is shown.</summary>
/// <remarks>Renders the same for every visitor unless it passes the visitor code to the engine, so pages without other
/// tags of the library stay cacheable.</remarks>
[HtmlTargetElement("kameleoon-engine", TagStructure = TagStructure.NormalOrSelfClosing)]
public sealed class EngineTagHelper : KameleoonTagHelper
{
    // Razor parses mode="Sync" for an enum, but not for a nullable enum.
    private EngineMode? _mode;
    private EngineOverlay? _overlay;
    private FetchPriority? _priority;

    /// <summary>How the engine is loaded. Default: <see cref="KameleoonEngineOptions.Mode"/>.</summary>
    public EngineMode Mode
    {
        get => _mode ?? EngineMode.Async;
        set => _mode = value;
    }

    /// <summary>The longest time that the page is hidden, in milliseconds, 0 to 3000. Default:
    /// <see cref="KameleoonEngineOptions.Timeout"/>.</summary>
    public int? Timeout { get; set; }

    /// <summary>How the page is hidden. Default: <see cref="KameleoonEngineOptions.Overlay"/>.</summary>
    public EngineOverlay Overlay
    {
        get => _overlay ?? EngineOverlay.Cover;
        set => _overlay = value;
    }

    /// <summary>The engine's address: https, or a path of this application; http in Development only. Default:
    /// <c>engine.js</c> below <see cref="KameleoonEndpointsOptions.Engine"/>.</summary>
    public string? Src { get; set; }

    /// <summary>The Content-Security-Policy nonce of the response. Default: from <see cref="IKameleoonNonceProvider"/>,
    /// else from <c>HttpContext.Items["csp-nonce"]</c>.</summary>
    public string? Nonce { get; set; }

    /// <summary>The attribute <c>fetchpriority</c>. Default: high in the modes for the head, else the browser decides.
    /// </summary>
    public FetchPriority Priority
    {
        get => _priority ?? FetchPriority.Auto;
        set => _priority = value;
    }

    /// <summary>Whether a preload link is rendered, for an engine that another script loads later.</summary>
    public bool Preload { get; set; }

    /// <summary>Whether the frame of unified storage is opened. Default: where
    /// <see cref="KameleoonEngineOptions.Unify"/> names one.</summary>
    public bool? Unify { get; set; }

    /// <summary>Whether the tag renders anything. Default true.</summary>
    public bool Enabled { get; set; } = true;

    /// <inheritdoc/>
    public override void Process(TagHelperContext context, TagHelperOutput output)
    {
        ArgumentNullException.ThrowIfNull(output);
        output.TagName = null;
        var elements = !Enabled ? null : Get<EngineTag>().Create(HttpContext, new EngineTagAttributes
        {
            Mode = _mode,
            Timeout = Timeout,
            Overlay = _overlay,
            Src = Src,
            Nonce = Nonce,
            Priority = _priority,
            Preload = Preload,
            Unify = Unify,
        });
        output.Content.SetHtmlContent(elements);
    }
}
