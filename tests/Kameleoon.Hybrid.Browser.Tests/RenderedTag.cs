using System.Globalization;
using System.Text.Encodings.Web;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Mvc.Rendering;
using Microsoft.AspNetCore.Razor.TagHelpers;

namespace Kameleoon.Hybrid.Browser.Tests;

/// <summary>What a tag writes into a page.</summary>
internal static class RenderedTag
{
    internal static async Task<string> OfAsync(HttpContext context, KameleoonTagHelper tag)
    {
        tag.ViewContext = new ViewContext { HttpContext = context };
        var output = new TagHelperOutput("tag", [], (_, _) => Task.FromResult<TagHelperContent>(new DefaultTagHelperContent()))
        {
            TagMode = TagMode.SelfClosing,
        };
        await tag.ProcessAsync(new TagHelperContext([], new Dictionary<object, object>(), "test"), output);
        await using var writer = new StringWriter(CultureInfo.InvariantCulture);
        output.WriteTo(writer, HtmlEncoder.Default);
        return writer.ToString();
    }
}
