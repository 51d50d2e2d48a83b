using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Mvc.RazorPages;

namespace Shop.Pages;

[IgnoreAntiforgeryToken] // a refused form is shown here too
[ResponseCache(NoStore = true, Location = ResponseCacheLocation.None)]
internal sealed class ProblemModel : PageModel
{
    public string Headline { get; private set; } = "";

    public void OnGet(int? status) => Show(status);

    public void OnPost(int? status) => Show(status);

    private void Show(int? status) => Headline = status switch
    {
        StatusCodes.Status404NotFound => "This plant does not grow here",
        StatusCodes.Status400BadRequest => "We could not read that form",
        _ => "Something wilted on our side",
    };
}
