using Kameleoon.Hybrid;

namespace Shop.Orders;

/// <summary>Whether we wrap presents for this visitor: a variation of the <c>gift-wrap</c> flag.</summary>
internal sealed class GiftWrapOffer(Variation variation)
{
    private const double HighestPrice = 100;

    public bool IsOpen => variation.IsActive;

    /// <summary>EUR, for the whole order.</summary>
    public decimal Price { get; } =
        decimal.Round((decimal)Math.Clamp(variation.GetNumber("price"), 0, HighestPrice), 2);
}
