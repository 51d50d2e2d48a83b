using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Mvc.Rendering;
using Microsoft.AspNetCore.Mvc.ViewFeatures;
using Microsoft.AspNetCore.Razor.TagHelpers;
using Microsoft.Extensions.Options;

namespace Kameleoon.Hybrid;

/// <summary>Loads the browser engine of the site. Place it once, at the end of the body.</summary>
/// <remarks>Renders the same for every visitor, so pages that carry nothing else of ours stay cacheable.</remarks>
[HtmlTargetElement("kameleoon-engine", TagStructure = TagStructure.NormalOrSelfClosing)]
public sealed class EngineTagHelper(IOptions<KameleoonOptions> options) : TagHelper
{
    /// <summary>The Content-Security-Policy nonce of the response, if the site uses one.</summary>
    public string? Nonce { get; set; }

    /// <summary>The view being rendered; set by the framework.</summary>
    [ViewContext]
    [HtmlAttributeNotBound]
    public ViewContext ViewContext { get; set; } = null!;

    /// <inheritdoc/>
    public override void Process(TagHelperContext context, TagHelperOutput output)
    {
        ArgumentNullException.ThrowIfNull(output);
        output.TagName = null;
        output.Content.AppendHtml(Script.Inline(EngineTrackingCode.QueueInitialiser, Nonce));
        output.Content.AppendHtml(Script.Engine(Address(ViewContext.HttpContext.Request.PathBase), Nonce));
    }

    private string Address(PathString pathBase)
    {
        var engine = PlatformEndpoints.Engine(options.Value);
        return engine.StartsWith('/') ? pathBase + engine : engine;
    }
}
