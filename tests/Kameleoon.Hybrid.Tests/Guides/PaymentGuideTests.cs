namespace Kameleoon.Hybrid.Tests;

/// <summary>The code of docs/guides/payments-and-sso.md.</summary>
public sealed class PaymentGuideTests
{
    [Fact]
    public async Task A_payment_that_returns_by_post_is_reported_once_under_the_code_of_the_order()
    {
        await using var site = await TestSite.StartAsync(map: Map, services: services => services.AddSingleton<Orders>());
        await site.ReadAsAsync("anna", "/order");

        for (var call = 0; call < 2; call++) // the service repeats its call
        {
            using var form = new HttpRequestMessage(HttpMethod.Post, "/payment/return");
            form.Content = new FormUrlEncodedContent([new("payment", "p-77")]);
            form.Headers.Add("Sec-Fetch-Site", "cross-site");
            form.Headers.Add("Sec-Fetch-Dest", "document");
            using var response = await site.Http.SendAsync(form);
            response.Headers.Location?.OriginalString.ShouldBe("/orders/1234");
        }

        var conversion = (await site.StopAndReadEventsAsync()).ShouldHaveSingleItem();
        (conversion["eventType"], conversion["visitorCode"], conversion["goalId"]).ShouldBe(("conversion", "anna", "55"));
    }

    private static void Map(WebApplication app)
    {
        app.MapGet("/order", (Orders orders, IKameleoonClient client) =>
        {
            var order = new Order("1234", "p-77", 129.90m);
            order.VisitorCode = client.GetVisitorCode();
            orders.Add(order);
        });
        app.MapPost("/payment/return", (HttpContext context, Orders orders, IKameleoonClientFactory visitors) =>
        {
            var order = orders.FindByPayment(context.Request.Form["payment"]!);
            visitors.ForVisitor(order.VisitorCode).TrackConversion(goalId: 55, id: order.Number, revenue: order.Total);
            return Results.Redirect($"/orders/{order.Number}");
        });
    }

    private sealed class Orders
    {
        private readonly List<Order> _orders = [];

        internal void Add(Order order) => _orders.Add(order);

        internal Order FindByPayment(string payment) => _orders.Single(order => order.Payment == payment);
    }

    private sealed class Order(string number, string payment, decimal total)
    {
        internal string Number => number;

        internal string Payment => payment;

        internal decimal Total => total;

        internal string VisitorCode { get; set; } = "";
    }
}
