using System.Text.Encodings.Web;
using Microsoft.AspNetCore.Components;
using Microsoft.AspNetCore.Html;
using Microsoft.AspNetCore.Http;

namespace Kameleoon.Hybrid.Components;

/// <summary>What our components have in common.</summary>
public abstract class KameleoonComponent : ComponentBase
{
    private protected KameleoonComponent()
    {
    }

    // There is one while a page is rendered on the server, and none in a circuit.
    [CascadingParameter]
    private protected HttpContext? HttpContext { get; set; }

    private protected static MarkupString Render(IHtmlContent? elements)
    {
        if (elements is null)
        {
            return default;
        }

        using var writer = new StringWriter();
        elements.WriteTo(writer, HtmlEncoder.Default);
        return new MarkupString(writer.ToString());
    }
}
