using Kameleoon.Hybrid;
using Shop.Carts;
using Shop.Catalogue;
using Shop.Experiments;

namespace Shop.Orders;

/// <summary>Adds up a cart at the prices of the visitor's variation, the same on every page.</summary>
internal sealed class Till(IKameleoonClient kameleoon)
{
    /// <summary>Prices a cart.</summary>
    /// <param name="cart">What to price.</param>
    /// <param name="shown">Whether the visitor gets to see the prices, which makes it an exposure.</param>
    public Quote Price(Cart cart, bool shown)
    {
        var storefront = new Storefront(kameleoon.GetVariation(Flags.Catalogue, track: shown));
        var lines = cart.Quantities
            .Select(line => (Product: Products.Find(line.Key)!, Quantity: line.Value))
            .Select(line => new QuoteLine(line.Product, line.Quantity, storefront.PriceOf(line.Product)));
        return new Quote([.. lines], GiftWrapOf(cart));
    }

    // Looking up its price is no exposure: the cart page shows the option itself.
    private decimal GiftWrapOf(Cart cart)
    {
        var offer = new GiftWrapOffer(kameleoon.GetVariation(Flags.GiftWrap, track: false));
        return cart.GiftWrap && offer.IsOpen ? offer.Price : 0;
    }
}
