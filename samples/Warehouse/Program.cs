using Kameleoon.Hybrid;
using Warehouse;

var builder = WebApplication.CreateBuilder(args);
builder.Services.AddExposureTopic(builder.Configuration);
builder.Services.AddKameleoonHybrid(builder.Configuration).UseSandbox().AddListener<ExposureListener>();

var app = builder.Build();
app.UseKameleoonVisitorCode();
app.MapKameleoonSandbox();
app.MapGet("/", (IKameleoonClient client) => client.GetVariation("greeting").Key);
if (app.Services.GetRequiredService<IExposureTopic>() is MemoryTopic standIn)
{
    app.MapGet("/topic", () => standIn.Messages); // what a broker would have
}

await app.RunAsync();
