using System.Globalization;
using Kameleoon.Hybrid;

namespace Api;

/// <summary>What shipping costs a visitor.</summary>
/// <param name="VisitorCode">The visitor.</param>
/// <param name="Variation">The variation they got.</param>
/// <param name="Price">The price.</param>
internal sealed record Shipping(string VisitorCode, string Variation, double Price)
{
    private const double UsualPrice = 4.9;

    // Without a data file, for example at the first start during an outage, a variation has no variables.
    internal static double PriceOf(Variation shipping) => shipping.Variables.TryGetValue("price", out var price)
        ? Convert.ToDouble(price.Value, CultureInfo.InvariantCulture)
        : UsualPrice;
}
