using Kameleoon.Hybrid;

namespace Shop.Catalogue;

/// <summary>What to show beside a plant: a variation of the <c>recommendations</c> flag.</summary>
internal sealed class Recommendations(Variation variation)
{
    public string Title { get; } = variation.GetString("title", "You may also like");

    public IEnumerable<Product> For(Product product)
    {
        if (!variation.IsActive)
        {
            return [];
        }

        var others = Products.All.Where(other => other != product);
        var chosen = variation.GetBoolean("sameLight")
            ? others.Where(other => other.Light == product.Light)
            : others.OrderBy(other => other.Price);
        return chosen.Take((int)variation.GetNumber("count", 3));
    }
}
