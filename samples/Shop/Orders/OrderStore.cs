using System.Globalization;

namespace Shop.Orders;

/// <summary>The last 1,000 orders, in memory.</summary>
internal sealed class OrderStore
{
    private const int Capacity = 1_000;
    private const int FirstNumber = 10_001;

    private readonly Lock _gate = new();
    private readonly Dictionary<Guid, Order> _orders = [];
    private readonly Queue<Guid> _oldestFirst = new();
    private int _placed;

    public Order? Find(Guid id)
    {
        lock (_gate)
        {
            return _orders.GetValueOrDefault(id);
        }
    }

    /// <summary>Places an order once, however often the form is sent.</summary>
    /// <returns>Whether the order is new.</returns>
    public bool TryPlace(Guid id, Customer customer, Quote quote)
    {
        lock (_gate)
        {
            if (_orders.ContainsKey(id))
            {
                return false;
            }

            var number = (FirstNumber + _placed++).ToString("'FF-'0", CultureInfo.InvariantCulture);
            _orders.Add(id, new Order(id, number, customer, quote));
            _oldestFirst.Enqueue(id);
            if (_oldestFirst.Count > Capacity)
            {
                _orders.Remove(_oldestFirst.Dequeue());
            }

            return true;
        }
    }
}
