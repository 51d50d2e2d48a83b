using System.Collections.ObjectModel;
using System.Text.Json.Serialization;
using Kameleoon.Hybrid;

namespace Shop.Catalogue;

/// <summary>How the shop looks to one visitor and what it charges: a variation of the <c>catalogue</c> flag.</summary>
internal sealed class Storefront(Variation variation)
{
    private const int DefaultColumns = 4;
    private const double HighestDiscount = 90;

    private readonly decimal _discount =
        (decimal)Math.Clamp(variation.GetNumber("discountPercent"), 0, HighestDiscount);

    private readonly IReadOnlyDictionary<string, string> _badges = variation.GetJson(
        "badges", BadgesJson.Default.IReadOnlyDictionaryStringString, ReadOnlyDictionary<string, string>.Empty);

    public string Headline { get; } = variation.GetString("headline", "House plants with a good story");

    public int Columns { get; } = (int)Math.Clamp(variation.GetNumber("columns", DefaultColumns), 2, DefaultColumns);

    public string? BadgeOf(Product product) => _badges.GetValueOrDefault(product.Slug);

    public Price PriceOf(Product product)
    {
        if (_discount == 0)
        {
            return new Price(product.Price);
        }

        var reduced = decimal.Round(product.Price * (100 - _discount) / 100, 2, MidpointRounding.AwayFromZero);
        return new Price(reduced, product.Price);
    }
}

[JsonSerializable(typeof(IReadOnlyDictionary<string, string>))]
internal sealed partial class BadgesJson : JsonSerializerContext;
