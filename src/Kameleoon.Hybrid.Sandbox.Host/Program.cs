using Microsoft.Extensions.Configuration.Memory;

// The sandbox on its own: dotnet run --project src/Kameleoon.Hybrid.Sandbox.Host
//   --urls=http://127.0.0.1:6000                      another address
//   --Kameleoon:Sandbox:DataFile=path/kameleoon.json  another data file than the demo's, relative to where you are
var builder = WebApplication.CreateBuilder(args);

// Inserted first, so that every other source (environment, command line) overrides it.
builder.Configuration.Sources.Insert(0, new MemoryConfigurationSource
{
    InitialData = new Dictionary<string, string?>(StringComparer.OrdinalIgnoreCase)
    {
        ["urls"] = "http://127.0.0.1:5480",
        ["Logging:LogLevel:Microsoft.AspNetCore"] = "Warning",
        ["Kameleoon:Sandbox:Enabled"] = "true",
        ["Kameleoon:Sandbox:DataFile"] = Path.Combine(AppContext.BaseDirectory, "kameleoon.json"),
    },
});
builder.Services.AddKameleoonSandbox();

var app = builder.Build();
app.MapKameleoonSandbox(prefix: "");
await app.RunAsync();
