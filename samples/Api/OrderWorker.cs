using Kameleoon.Hybrid;

namespace Api;

/// <summary>Packs orders. It decides and tracks for the visitor who ordered, after their request is over.</summary>
internal sealed partial class OrderWorker(OrderQueue orders, IKameleoonClientFactory clients, ILogger<OrderWorker> logger) : BackgroundService
{
    private const int OrderGoal = 3001;

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        await foreach (var (visitorCode, order) in orders.ReadAsync(stoppingToken))
        {
            var client = clients.ForVisitor(visitorCode);
            LogPacked(order.Number, client.GetVariation("packing").Key);
            client.TrackConversion(OrderGoal, id: order.Number, revenue: order.Total);
        }
    }

    [LoggerMessage(1, LogLevel.Information, "Order {Number} is packed in a {Box}.")]
    private partial void LogPacked(string number, string box);
}
