using System.Collections.Immutable;
using System.Globalization;
using Shop.Catalogue;

namespace Shop.Carts;

/// <summary>What a visitor wants to buy. Immutable; written to and read from a short text.</summary>
/// <remarks>The text looks like <c>aloe.2~fern.1~gift-wrap</c>. Whatever in it makes no sense is dropped.</remarks>
internal sealed class Cart
{
    public const int MostOfOne = 9;

    private const char Separator = '~';
    private const char QuantityMark = '.';
    private const string GiftWrapMark = "gift-wrap";

    private Cart(ImmutableSortedDictionary<string, int> quantities, bool giftWrap)
    {
        Quantities = quantities;
        GiftWrap = giftWrap;
    }

    public static Cart Empty { get; } =
        new(ImmutableSortedDictionary<string, int>.Empty.WithComparers(StringComparer.Ordinal), giftWrap: false);

    /// <summary>How many of each plant, by slug.</summary>
    public ImmutableSortedDictionary<string, int> Quantities { get; }

    public bool GiftWrap { get; }

    public bool IsEmpty => Quantities.IsEmpty;

    public int Count => Quantities.Values.Sum();

    public static Cart Parse(string? text)
    {
        var cart = Empty;
        foreach (var part in (text ?? "").Split(Separator))
        {
            cart = part is GiftWrapMark ? cart.WithGiftWrap(wrap: true) : cart.WithParsed(part);
        }

        return cart;
    }

    public Cart Add(Product product) => Set(product, Quantities.GetValueOrDefault(product.Slug) + 1);

    public Cart Set(Product product, int quantity) => new(
        quantity <= 0 ? Quantities.Remove(product.Slug)
            : Quantities.SetItem(product.Slug, Math.Min(quantity, MostOfOne)),
        GiftWrap);

    public Cart WithGiftWrap(bool wrap) => new(Quantities, wrap);

    public override string ToString()
    {
        var parts = Quantities.Select(line =>
            string.Create(CultureInfo.InvariantCulture, $"{line.Key}{QuantityMark}{line.Value}"));
        return string.Join(Separator, GiftWrap ? parts.Append(GiftWrapMark) : parts);
    }

    private Cart WithParsed(string part)
    {
        var mark = part.IndexOf(QuantityMark, StringComparison.Ordinal);
        return mark > 0
            && Products.Find(part[..mark]) is { } product
            && int.TryParse(part.AsSpan(mark + 1), NumberStyles.None, CultureInfo.InvariantCulture, out var quantity)
            ? Set(product, quantity)
            : this;
    }
}
