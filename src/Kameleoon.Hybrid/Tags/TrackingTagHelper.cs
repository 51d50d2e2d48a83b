using Microsoft.AspNetCore.Razor.TagHelpers;

namespace Kameleoon.Hybrid.TagHelpers;

/// <summary>Hands the exposures of this request to the browser engine. Place it after all decisions: at the end of the
/// layout's body.</summary>
/// <remarks>
/// Renders nothing when there is nothing to report. A second tag renders only the exposures since the first. Browsers
/// without JavaScript load an image, and the server then reports the exposures. In HTML that a script fetches, the tag
/// leaves the exposures to the server.
/// </remarks>
[HtmlTargetElement("kameleoon-tracking", TagStructure = TagStructure.NormalOrSelfClosing)]
public sealed class TrackingTagHelper : KameleoonTagHelper
{
    /// <summary>The Content-Security-Policy nonce of the response. Default: from <see cref="IKameleoonNonceProvider"/>,
    /// else from <c>HttpContext.Items["csp-nonce"]</c>.</summary>
    public string? Nonce { get; set; }

    /// <summary>Whether a prerendered page reports only when it is shown. Default false, because the engine waits by
    /// itself. Set it for engines that do not.</summary>
    public bool GuardPrerender { get; set; }

    /// <inheritdoc/>
    public override async Task ProcessAsync(TagHelperContext context, TagHelperOutput output)
    {
        ArgumentNullException.ThrowIfNull(context);
        ArgumentNullException.ThrowIfNull(output);
        output.TagName = null;
        var commands = output.TagMode == TagMode.SelfClosing ? "" : await ReadChildrenAsync(context, output);
        var tag = Get<TrackingTag>();
        output.Content.SetHtmlContent(tag.Create(HttpContext, tag.Take(HttpContext), Nonce, GuardPrerender, commands));
    }

    private async Task<string> ReadChildrenAsync(TagHelperContext context, TagHelperOutput output)
    {
        var commands = new EngineCommands();
        context.Items[typeof(EngineCommands)] = commands;
        await output.GetChildContentAsync();
        return commands.ToCode(RequestVisitor.Of(HttpContext).AwaitsConsent);
    }
}
