using Kameleoon.Hybrid;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Mvc.RazorPages;
using Shop.Catalogue;
using Shop.Experiments;

namespace Shop.Pages;

internal sealed class ProductModel(IKameleoonClient kameleoon) : PageModel
{
    public Product Product { get; private set; } = null!;

    public Storefront Storefront { get; private set; } = null!;

    public Recommendations Recommendations { get; private set; } = null!;

    public IActionResult OnGet(string slug)
    {
        if (Products.Find(slug) is not { } product)
        {
            return NotFound();
        }

        Product = product;
        Storefront = new Storefront(kameleoon.GetVariation(Flags.Catalogue));
        Recommendations = new Recommendations(kameleoon.GetVariation(Flags.Recommendations));
        return Page();
    }
}
