using System.Diagnostics.CodeAnalysis;
using System.Text.Encodings.Web;
using Microsoft.AspNetCore.Components;
using Microsoft.AspNetCore.Html;
using Microsoft.AspNetCore.Http;

namespace Kameleoon.Hybrid.Components;

/// <summary>The base of the components of this library.</summary>
public abstract class KameleoonComponent : ComponentBase
{
    private protected KameleoonComponent()
    {
    }

    // Set while a page is rendered on the server, and null in a circuit.
    [CascadingParameter]
    private protected HttpContext? HttpContext { get; set; }

    // A circuit has no request, so its project is unknown. The reported mistakes do not depend on the project.
    [Inject]
    private TagMistakes Mistakes { get; set; } = null!;

    /// <exception cref="InvalidOperationException">The environment is Development.</exception>
    private protected void Report(string mistake) => Mistakes.Report(HttpContext, mistake);

    /// <summary>Whether there is no request to decide for. If so, the mistake is reported.</summary>
    [MemberNotNullWhen(false, nameof(HttpContext))]
    private protected bool IsInteractive(string component)
    {
        if (HttpContext is not null && AssignedRenderMode is null)
        {
            return false;
        }

        Report($"{component} stands in an interactive component, where there is no request to decide for. Decide outside "
            + "of it and hand the result over as a parameter.");
        return true;
    }

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
