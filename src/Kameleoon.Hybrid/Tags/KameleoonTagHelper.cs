using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Mvc.Rendering;
using Microsoft.AspNetCore.Mvc.ViewFeatures;
using Microsoft.AspNetCore.Razor.TagHelpers;

namespace Kameleoon.Hybrid.TagHelpers;

/// <summary>The base of the library's tags.</summary>
public abstract class KameleoonTagHelper : TagHelper
{
    private protected KameleoonTagHelper()
    {
    }

    /// <summary>The view being rendered; set by the framework.</summary>
    [ViewContext]
    [HtmlAttributeNotBound]
    public ViewContext ViewContext { get; set; } = null!;

    private protected HttpContext HttpContext => ViewContext.HttpContext;

    /// <exception cref="InvalidOperationException">The environment is Development.</exception>
    private protected void Report(string mistake) => Get<TagMistakes>().Report(HttpContext, mistake);

    // Razor calls public constructors only, and those would have to name internal types.
    private protected T Get<T>()
        where T : class => PageServices.Get<T>(HttpContext);
}
