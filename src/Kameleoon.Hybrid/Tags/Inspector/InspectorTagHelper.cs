using Microsoft.AspNetCore.Razor.TagHelpers;

namespace Kameleoon.Hybrid.TagHelpers;

/// <summary>Shows a developer who the page's visitor is, what was decided and why, and who will report it; and switches
/// variations. Place it last in the body, after <c>kameleoon-tracking</c>.</summary>
/// <remarks>Renders in the environment called Development only. Variations are switched by the platform's simulation
/// cookie, which <see cref="KameleoonOptions.Simulation"/> has to allow.</remarks>
[HtmlTargetElement("kameleoon-inspector", TagStructure = TagStructure.NormalOrSelfClosing)]
public sealed class InspectorTagHelper : KameleoonTagHelper
{
    /// <summary>The Content-Security-Policy nonce of the response. Default: from <see cref="IKameleoonNonceProvider"/>,
    /// else from <c>HttpContext.Items["csp-nonce"]</c>.</summary>
    public string? Nonce { get; set; }

    /// <inheritdoc/>
    public override void Process(TagHelperContext context, TagHelperOutput output)
    {
        ArgumentNullException.ThrowIfNull(output);
        output.TagName = null;
        output.Content.SetHtmlContent(Get<Inspector>().Create(HttpContext, Nonce));
    }
}
