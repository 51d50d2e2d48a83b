using Features;
using Microsoft.FeatureManagement;
using Microsoft.FeatureManagement.AspNetCore;

var builder = WebApplication.CreateBuilder(args);
builder.Services.AddKameleoonHybrid(builder.Configuration).UseSandbox();
builder.Services.AddSingleton<IGreeter, PlainGreeter>();
builder.Services.AddSingleton<IGreeter, WarmGreeter>();
builder.Services.AddFeatureManagement().WithVariantService<IGreeter>("greeting").WithKameleoon();

var app = builder.Build();
app.UseKameleoonVisitorCode();
app.MapKameleoonSandbox();

// "greeting" is Kameleoon's flag, "night-sale" a feature of appsettings.json.
app.MapGet("/", async (IVariantServiceProvider<IGreeter> greeters, CancellationToken cancellationToken) =>
    (await greeters.GetServiceAsync(cancellationToken))?.Greet() ?? "-");
app.MapGet("/text", async (IVariantFeatureManagerSnapshot features, CancellationToken cancellationToken) =>
    (await features.GetVariantAsync("greeting", cancellationToken)).Configuration["text"]);
app.MapGet("/sale", () => "Everything must go.").WithFeatureGate("night-sale");

await app.RunAsync();
