using Microsoft.Extensions.Configuration.Memory;

// The sandbox on its own: dotnet run --project src/Kameleoon.Hybrid.Sandbox.Host
//   --urls=http://127.0.0.1:6000                      another address
//   --Kameleoon:Sandbox:DataFile=/path/kameleoon.json another data file than the demo's beside this file
var builder = WebApplication.CreateBuilder(args);

// Inserted first, so that every other source (environment, command line) overrides it.
builder.Configuration.Sources.Insert(0, new MemoryConfigurationSource
{
    InitialData = new Dictionary<string, string?>(StringComparer.OrdinalIgnoreCase)
    {
        ["urls"] = "http://127.0.0.1:5480",
        ["Logging:LogLevel:Microsoft.AspNetCore"] = "Warning",
        ["Kameleoon:Sandbox:Enabled"] = "true",
        ["Kameleoon:Sandbox:DataFile"] = DemoDataFile(builder.Environment.ContentRootPath),
    },
});
builder.Services.AddKameleoonSandbox();

var app = builder.Build();
app.MapKameleoonSandbox(prefix: "");
await app.RunAsync();

// The one in the sources while they are there, so that an edit is picked up; else the copy beside the program.
static string DemoDataFile(string contentRoot)
{
    var source = Path.Combine(contentRoot, "kameleoon.json");
    return File.Exists(source) ? source : Path.Combine(AppContext.BaseDirectory, "kameleoon.json");
}
