using System.Globalization;

#pragma warning disable CA5394 // Walks are repeated by their seed.

namespace Kameleoon.Hybrid.EntityFrameworkCore.Tests;

// What devices buy.
internal sealed partial class FarmWalk
{
    private const int Orders = 6;

    private async Task BuyAsync(WalkDevice device, int server)
    {
        var order = OrderOf(device);
        var answer = await device.Browser.FetchAsync(
            server, HttpMethod.Post, string.Create(CultureInfo.InvariantCulture, $"{WalkShop.Path}buy?order={order}"));
        Note(device, server, $"buys {order}", answer);
        await LearnLinksAsync(device); // before what was bought
        if (IsShared(device, answer))
        {
            Bought(answer.Code, order, server);
        }
    }

    private async Task BuyOnPhoneAsync(WalkDevice device, int server)
    {
        var order = OrderOf(device);
        var answer = await device.Browser.FetchAsync(server, HttpMethod.Post, "/kameleoon/events", string.Create(
            CultureInfo.InvariantCulture, $$"""{"events":[{"type":"conversion","goalId":1,"id":"{{order}}","revenue":{{order}}}]}"""));
        Note(device, server, $"buys {order}", answer);
        await LearnLinksAsync(device);
        if (answer.Status == 202)
        {
            Bought(answer.Code, order, server);
        }
    }

    private void Bought(string code, int order, int server)
    {
        _oracle.Buy(code, order);
        _unsent = server;
    }

    // Numbers of one person's own, of which some are used again.
    private int OrderOf(WalkDevice device) =>
        (Array.IndexOf(People, device.Owner ?? device.Browser.User ?? "") * 1000) + 2000 + _random.Next(Orders);
}
