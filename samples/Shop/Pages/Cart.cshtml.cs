using Kameleoon.Hybrid;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Mvc.RazorPages;
using Shop.Carts;
using Shop.Catalogue;
using Shop.Experiments;
using Shop.Orders;

namespace Shop.Pages;

internal sealed class CartModel(IKameleoonClient kameleoon, CartCookie carts, Till till) : PageModel
{
    public Cart Cart { get; private set; } = Cart.Empty;

    public Quote Quote { get; private set; } = null!;

    public GiftWrapOffer? GiftWrap { get; private set; }

    public void OnGet()
    {
        Cart = carts.Read();
        if (!Cart.IsEmpty)
        {
            Quote = till.Price(Cart, shown: true);
            GiftWrap = new GiftWrapOffer(kameleoon.GetVariation(Flags.GiftWrap));
        }
    }

    public IActionResult OnPostAdd(string? slug) => Change(slug, static (cart, product) => cart.Add(product));

    public IActionResult OnPostSet(string? slug, int quantity) =>
        Change(slug, (cart, product) => cart.Set(product, quantity));

    public IActionResult OnPostRemove(string? slug) => Change(slug, static (cart, product) => cart.Set(product, 0));

    public IActionResult OnPostGiftWrap(bool wrap)
    {
        carts.Write(carts.Read().WithGiftWrap(wrap));
        return RedirectToPage();
    }

    private IActionResult Change(string? slug, Func<Cart, Product, Cart> change)
    {
        if (Products.Find(slug ?? "") is not { } product || !ModelState.IsValid)
        {
            return BadRequest();
        }

        carts.Write(change(carts.Read(), product));
        return RedirectToPage();
    }
}
