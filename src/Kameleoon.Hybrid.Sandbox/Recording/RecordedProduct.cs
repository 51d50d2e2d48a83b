using System.Text.Json;

namespace Kameleoon.Hybrid.Sandbox;

/// <summary>One product the sandbox was told of.</summary>
internal sealed class RecordedProduct(string id)
{
    private const int MaxInteractions = 1_000;

    private readonly Queue<(DateTimeOffset Time, string Action, int Quantity)> _interactions = [];
    private readonly Dictionary<string, JsonElement> _data = new(StringComparer.Ordinal);

    internal string Id { get; } = id;

    /// <summary>What pages said of it, by member; later values replace earlier ones.</summary>
    internal IReadOnlyDictionary<string, JsonElement> Data => _data;

    internal string Name => _data.TryGetValue("name", out var name) ? name.ToString() : Id;

    /// <summary>The sum of the weights of all interactions.</summary>
    internal long Popularity { get; private set; }

    internal void Add(string action, int quantity, DateTimeOffset now)
    {
        Popularity += ProductAction.Weight(action);
        _interactions.Enqueue((now, action, quantity));
        if (_interactions.Count > MaxInteractions)
        {
            _interactions.Dequeue();
        }
    }

    /// <summary>Adds members of a JSON object; another text changes nothing.</summary>
    internal void Describe(string? json)
    {
        try
        {
            using var document = JsonDocument.Parse(HalfPairs.Replace(json ?? "{}"));
            if (document.RootElement.ValueKind == JsonValueKind.Object)
            {
                foreach (var member in document.RootElement.EnumerateObject())
                {
                    _data[member.Name] = member.Value.Clone();
                }
            }
        }
        catch (JsonException)
        {
            // Data that was cut to what the sandbox keeps of an event.
        }
    }

    /// <summary>Adds up the quantities of an action within a time; null is open.</summary>
    internal long Count(string action, DateTimeOffset? from = null, DateTimeOffset? to = null) => _interactions
        .Where(one => one.Action.Is(action) && (from is null || one.Time >= from) && (to is null || one.Time <= to))
        .Sum(one => (long)one.Quantity);
}

/// <summary>What a visitor does with a product, by the names on the wire.</summary>
internal static class ProductAction
{
    internal const string View = "view";
    internal const string Cart = "cart";
    internal const string WishList = "wishList";
    internal const string Purchase = "purchase";

    /// <summary>How much an action says about the visitor's interest.</summary>
    internal static int Weight(string action) => action switch
    {
        Purchase => 4,
        Cart or WishList => 2,
        _ => 1,
    };
}
