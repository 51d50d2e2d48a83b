using System.Collections.Immutable;
using Shop.Catalogue;

namespace Shop.Orders;

/// <summary>What a cart costs one visitor, in EUR.</summary>
internal sealed record Quote(ImmutableArray<QuoteLine> Lines, decimal GiftWrap)
{
    /// <summary>From this subtotal on, delivery costs nothing.</summary>
    public const decimal FreeDeliveryFrom = 60m;

    private const decimal StandardDelivery = 4.90m;

    public decimal Subtotal => Lines.Sum(line => line.Total);

    public decimal Delivery => Subtotal >= FreeDeliveryFrom ? 0 : StandardDelivery;

    public decimal Total => Subtotal + Delivery + GiftWrap;
}

/// <summary>One plant of a quote, at the price this visitor pays.</summary>
internal sealed record QuoteLine(Product Product, int Quantity, Price Price)
{
    public decimal Total => Price.Amount * Quantity;
}
