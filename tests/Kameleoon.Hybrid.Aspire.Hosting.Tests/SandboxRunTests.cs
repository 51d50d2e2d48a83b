using System.Net.Http.Json;
using System.Reflection;
using System.Text.Json;
using Aspire.Hosting;
using Aspire.Hosting.ApplicationModel;
using Microsoft.Extensions.DependencyInjection;

namespace Kameleoon.Hybrid.Aspire.Hosting.Tests;

/// <summary>Runs an app host with the real orchestrator. The sandbox is the program of this repository, because its package
/// is in no package source.</summary>
public sealed class SandboxRunTests
{
    [Fact]
    public async Task An_app_host_starts_the_sandbox_and_finds_it_healthy()
    {
        var builder = DistributedApplication.CreateBuilder(new DistributedApplicationOptions
        {
            DisableDashboard = true,
            AssemblyName = typeof(SandboxRunTests).Assembly.GetName().Name,
        });
        builder.Configuration["DcpPublisher:CliPath"] = Metadata("Orchestrator");
        builder.Configuration["DcpPublisher:DashboardPath"] = "unused"; // Required although the dashboard is off.
        var project = Path.Combine(AppContext.BaseDirectory, "flags.json");
        await File.WriteAllTextAsync(project, """{ "flags": { "banner": { "variations": { "off": {}, "on": {} } } } }""");
        var sandbox = builder.AddKameleoonSandbox("kameleoon", project);
        foreach (var arguments in sandbox.Resource.Annotations.OfType<CommandLineArgsCallbackAnnotation>().ToArray())
        {
            sandbox.Resource.Annotations.Remove(arguments);
        }

        sandbox.WithArgs(SandboxTool.File);
        await using var app = builder.Build();
        using var hang = new CancellationTokenSource(HangGuard.Timeout);

        await app.StartAsync(hang.Token);
        await app.Services.GetRequiredService<ResourceNotificationService>().WaitForResourceHealthyAsync("kameleoon", hang.Token);

        using var http = new HttpClient { BaseAddress = new Uri(sandbox.Resource.Http.Url) };
        var dataFile = await http.GetFromJsonAsync<JsonElement>("/v3/aspire0000", hang.Token);
        dataFile.GetProperty("featureFlags")[0].GetProperty("featureKey").GetString().ShouldBe("banner");
        await app.StopAsync(hang.Token);
    }

    private static string Metadata(string key) => typeof(SandboxRunTests).Assembly
        .GetCustomAttributes<AssemblyMetadataAttribute>().Single(metadata => metadata.Key == key).Value!;
}
