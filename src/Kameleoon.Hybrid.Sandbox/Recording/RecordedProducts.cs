using System.Globalization;

namespace Kameleoon.Hybrid.Sandbox;

/// <summary>What visitors did with products: viewed, put into the cart or a wish list, bought.</summary>
internal sealed class RecordedProducts(RecorderLimits limits)
{
    private readonly Dictionary<string, RecordedProduct> _products = new(StringComparer.Ordinal);
    private readonly Dictionary<string, Dictionary<string, int>> _interests = new(StringComparer.Ordinal);

    /// <summary>All products, in the order in which they were first seen.</summary>
    internal IReadOnlyCollection<RecordedProduct> All => _products.Values;

    internal RecordedProduct? Find(string id) => _products.GetValueOrDefault(id);

    /// <summary>Takes an event; one without a product, such as a search, changes nothing.</summary>
    internal void Add(EventLine line, string visitor, DateTimeOffset now)
    {
        if (line.Fields.GetValueOrDefault("ean") is not { Length: > 0 } id)
        {
            return;
        }

        if (!_products.TryGetValue(id, out var product))
        {
            if (_products.Count >= limits.Counters)
            {
                return;
            }

            _products.Add(id, product = new RecordedProduct(id));
        }

        // The platform's own SDKs report a product without saying what was done with it.
        var action = line.Fields.GetValueOrDefault("action") ?? ProductAction.View;
        product.Add(action, Quantity(line), now);
        product.Describe(line.Fields.GetValueOrDefault("data"));
        if (!_interests.TryGetValue(visitor, out var interests))
        {
            if (_interests.Count >= limits.Visitors)
            {
                return;
            }

            _interests.Add(visitor, interests = new Dictionary<string, int>(StringComparer.Ordinal));
        }

        interests[id] = Math.Max(interests.GetValueOrDefault(id), ProductAction.Weight(action));
    }

    /// <summary>The products of the visitor, with the weight of the strongest interest in each.</summary>
    internal IReadOnlyDictionary<string, int> InterestsOf(string visitor) =>
        _interests.GetValueOrDefault(visitor) ?? [];

    /// <summary>The products that visitors of <paramref name="bases"/> also viewed and bought, the strongest first; the most
    /// popular ones follow.</summary>
    internal IEnumerable<RecordedProduct> Recommend(IReadOnlyCollection<string> bases, IReadOnlySet<string> excluded)
    {
        var scores = new Dictionary<string, long>(StringComparer.Ordinal);
        foreach (var interests in _interests.Values)
        {
            var shared = bases.Sum(id => interests.GetValueOrDefault(id));
            foreach (var (id, weight) in shared > 0 ? interests : [])
            {
                scores[id] = scores.GetValueOrDefault(id) + ((long)shared * weight);
            }
        }

        return _products.Values
            .Where(product => !excluded.Contains(product.Id) && !bases.Contains(product.Id, StringComparer.Ordinal))
            .OrderByDescending(product => scores.GetValueOrDefault(product.Id))
            .ThenByDescending(product => product.Popularity)
            .ThenBy(product => product.Id, StringComparer.Ordinal);
    }

    internal void Forget(string visitor) => _interests.Remove(visitor);

    internal void Clear()
    {
        _products.Clear();
        _interests.Clear();
    }

    private static int Quantity(EventLine line) => int.TryParse(
        line.Fields.GetValueOrDefault("quantity"), NumberStyles.None, CultureInfo.InvariantCulture, out var quantity)
        ? Math.Clamp(quantity, 1, 10_000)
        : 1;
}
