using Kameleoon.Hybrid;
using Microsoft.AspNetCore.Mvc.RazorPages;
using Shop.Catalogue;
using Shop.Experiments;

namespace Shop.Pages;

internal sealed class IndexModel(IKameleoonClient kameleoon) : PageModel
{
    public Storefront Storefront { get; private set; } = null!;

    public void OnGet() => Storefront = new Storefront(kameleoon.GetVariation(Flags.Catalogue));
}
