using Microsoft.AspNetCore.Mvc.Rendering;
using Microsoft.AspNetCore.Mvc.ViewFeatures;
using Microsoft.AspNetCore.Razor.TagHelpers;
using Microsoft.Extensions.Options;

namespace Kameleoon.Hybrid;

/// <summary>Hands the exposures of this request to the browser engine. Place it where no decision comes after it: at
/// the end of the layout's body.</summary>
/// <remarks>
/// Renders nothing when there is nothing to report; a second tag renders only what came since the first. Browsers
/// without JavaScript load an image instead, upon which the server reports.
/// </remarks>
[HtmlTargetElement("kameleoon-tracking", TagStructure = TagStructure.NormalOrSelfClosing)]
public sealed class TrackingTagHelper(IOptions<KameleoonOptions> options) : TagHelper
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
        var http = ViewContext.HttpContext;
        var exposures = RequestVisitor.Of(http).Client.TakeForEngine();
        if (exposures.Length == 0)
        {
            output.SuppressOutput();
            return;
        }

        output.Content.AppendHtml(Script.Inline(EngineTrackingCode.Of(exposures), Nonce));
        if (options.Value.ExposureBy == ExposureOwner.Engine)
        {
            var seen = http.Request.PathBase.Add(options.Value.SeenPath) + SeenEndpoint.Query(exposures);
            output.Content.AppendHtml(Script.NoScriptImage(seen));
        }
    }
}
