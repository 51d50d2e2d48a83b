using System.Net;
using System.Text.Encodings.Web;
using Microsoft.AspNetCore.Html;
using Microsoft.AspNetCore.Razor.TagHelpers;

namespace Kameleoon.Hybrid.TagHelpers;

/// <summary>Adds the visitor code to a link, a form or a button with <c>formaction</c> that leads to another domain of the
/// site, so that the visitor keeps the code there.</summary>
/// <remarks>The domains are those of <c>Kameleoon:CrossDomains</c>; other addresses stay as they are. A form that is sent
/// with GET gets a hidden field; a button needs a form that is sent with POST, because GET replaces the query of its address.
/// A page with the code is not stored by shared caches.</remarks>
[HtmlTargetElement("a", Attributes = AttributeName)]
[HtmlTargetElement("area", Attributes = AttributeName)]
[HtmlTargetElement("form", Attributes = AttributeName)]
[HtmlTargetElement("button", Attributes = AttributeName)]
[HtmlTargetElement("input", Attributes = AttributeName, TagStructure = TagStructure.WithoutEndTag)]
public sealed class CrossDomainTagHelper : KameleoonTagHelper
{
    private const string AttributeName = "kameleoon-cross-domain";

    /// <inheritdoc/>
    public override void Process(TagHelperContext context, TagHelperOutput output)
    {
        ArgumentNullException.ThrowIfNull(context);
        ArgumentNullException.ThrowIfNull(output);
        output.Attributes.RemoveAll(AttributeName);
        var isForm = string.Equals(output.TagName, "form", StringComparison.OrdinalIgnoreCase);
        var name = isForm ? "action" : HasOwnAction(output) ? "formaction" : "href";
        var visitor = RequestVisitor.Of(HttpContext);
        if (!output.Attributes.TryGetAttribute(name, out var attribute)
            || TextOf(attribute) is not { Length: > 0 } address
            || !Get<CrossDomainLinks>().MustCarry(visitor, address, out _))
        {
            return;
        }

        visitor.Privacy.BecomePersonal();
        if (isForm && !IsPost(output))
        {
            output.PostContent.AppendHtml($"<input type=\"hidden\" name=\"{VisitorCookie.Name}\" value=\"{visitor.Code}\">");
        }
        else
        {
            output.Attributes.SetAttribute(name, CrossDomainLinks.AddCode(address, visitor.Code));
        }
    }

    private static bool HasOwnAction(TagHelperOutput output) => output.Attributes.ContainsName("formaction");

    // The query of its address is replaced by its fields where a form is sent with GET, which is the default.
    private static bool IsPost(TagHelperOutput output) =>
        output.Attributes.TryGetAttribute("method", out var method)
        && string.Equals(TextOf(method), "post", StringComparison.OrdinalIgnoreCase);

    private static string TextOf(TagHelperAttribute attribute)
    {
        if (attribute.Value is not IHtmlContent content)
        {
            return attribute.Value?.ToString() ?? "";
        }

        using var writer = new StringWriter();
        content.WriteTo(writer, HtmlEncoder.Default);
        return WebUtility.HtmlDecode(writer.ToString());
    }
}
