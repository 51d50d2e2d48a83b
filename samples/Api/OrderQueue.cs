using System.Threading.Channels;

namespace Api;

/// <summary>Orders that wait for the worker.</summary>
internal sealed class OrderQueue
{
    private readonly Channel<(string VisitorCode, Order Order)> _orders =
        Channel.CreateBounded<(string, Order)>(1000);

    internal bool TryAdd(string visitorCode, Order order) => _orders.Writer.TryWrite((visitorCode, order));

    internal IAsyncEnumerable<(string VisitorCode, Order Order)> ReadAsync(CancellationToken cancellationToken) =>
        _orders.Reader.ReadAllAsync(cancellationToken);
}
