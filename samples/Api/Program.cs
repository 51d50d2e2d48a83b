using Api;
using Kameleoon.Hybrid;

var builder = WebApplication.CreateSlimBuilder(args);
builder.Services.ConfigureHttpJsonOptions(json => json.SerializerOptions.TypeInfoResolverChain.Insert(0, ApiJson.Default));
builder.Services.AddKameleoonHybrid(builder.Configuration);
builder.Services.AddSingleton<OrderQueue>();
builder.Services.AddHostedService<OrderWorker>();

var app = builder.Build();
app.UseKameleoonVisitorCode();

// The visitor comes by the cookie of a page, or by the query parameter of another service.
app.MapGet("/shipping", (IKameleoonClient client) =>
{
    var shipping = client.GetVariation("shipping");
    return new Shipping(client.GetVisitorCode(), shipping.Key, Shipping.PriceOf(shipping));
});

// The order is done by the worker, outside of any request.
app.MapPost("/orders", (Order order, OrderQueue orders, IKameleoonClient client) => orders.TryAdd(client.GetVisitorCode(), order)
    ? Results.Accepted()
    : Results.StatusCode(StatusCodes.Status503ServiceUnavailable));

await app.RunAsync();
