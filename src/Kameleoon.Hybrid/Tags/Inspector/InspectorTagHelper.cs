using Microsoft.AspNetCore.Razor.TagHelpers;

namespace Kameleoon.Hybrid.TagHelpers;

/// <summary>Shows who the page's visitor is, what was decided and why, and who will report it; and switches variations. Place
/// it last in the body, after <c>kameleoon-tracking</c>.</summary>
/// <remarks>Renders in the environment called Development, and elsewhere for those whom <see cref="Policy"/> allows. Variations
/// are switched by the endpoint of <c>MapKameleoonOverrides</c>, and where that is not mapped by the platform's simulation cookie,
/// which <see cref="KameleoonOptions.Simulation"/> has to allow.</remarks>
[HtmlTargetElement("kameleoon-inspector", TagStructure = TagStructure.NormalOrSelfClosing)]
public sealed class InspectorTagHelper : KameleoonTagHelper
{
    /// <summary>The Content-Security-Policy nonce of the response. Default: from <see cref="IKameleoonNonceProvider"/>,
    /// else from <c>HttpContext.Items["csp-nonce"]</c>.</summary>
    public string? Nonce { get; set; }

    /// <summary>The name of the authorization policy that allows to see the inspector outside Development. Default: none, so
    /// that it renders in Development only.</summary>
    public string? Policy { get; set; }

    /// <inheritdoc/>
    public override async Task ProcessAsync(TagHelperContext context, TagHelperOutput output)
    {
        ArgumentNullException.ThrowIfNull(output);
        output.TagName = null;
        output.Content.SetHtmlContent(await Get<InspectorAccess>().MayShowAsync(HttpContext, Policy)
            ? Get<Inspector>().Create(HttpContext, Nonce)
            : null);
    }
}
