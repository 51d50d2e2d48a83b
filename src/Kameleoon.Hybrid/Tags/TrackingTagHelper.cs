using Microsoft.AspNetCore.Razor.TagHelpers;

namespace Kameleoon.Hybrid.TagHelpers;

/// <summary>Hands the exposures of this request to the browser engine. Place it where no decision comes after it: at
/// the end of the layout's body.</summary>
/// <remarks>
/// Renders nothing when there is nothing to report; a second tag renders only what came since the first. Browsers
/// without JavaScript load an image instead, upon which the server reports. In HTML that a script fetches it leaves the
/// exposures to the server.
/// </remarks>
[HtmlTargetElement("kameleoon-tracking", TagStructure = TagStructure.NormalOrSelfClosing)]
public sealed class TrackingTagHelper : KameleoonTagHelper
{
    /// <summary>The Content-Security-Policy nonce of the response. Default: from <see cref="IKameleoonNonceProvider"/>,
    /// else from <c>HttpContext.Items["csp-nonce"]</c>.</summary>
    public string? Nonce { get; set; }

    /// <summary>Whether a page that is rendered ahead reports only when it is shown. Default false: the engine waits by
    /// itself. For engines that do not notice.</summary>
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

    private static async Task<string> ReadChildrenAsync(TagHelperContext context, TagHelperOutput output)
    {
        var commands = new EngineCommands();
        context.Items[typeof(EngineCommands)] = commands;
        await output.GetChildContentAsync();
        return commands.ToString();
    }
}
