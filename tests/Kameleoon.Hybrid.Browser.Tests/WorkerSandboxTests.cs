using Kameleoon.Hybrid.Sandbox;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace Kameleoon.Hybrid.Browser.Tests;

/// <summary>The sandbox in an application that serves no pages.</summary>
public sealed class WorkerSandboxTests
{
    [Fact]
    public async Task A_worker_without_a_web_host_decides_by_the_sandbox_and_reports_to_it()
    {
        var builder = Host.CreateApplicationBuilder(new HostApplicationBuilderSettings { EnvironmentName = "Development" });
        builder.Logging.ClearProviders();
        builder.Configuration["Kameleoon:Sandbox:Storage"] = "";
        builder.Services.AddKameleoonHybrid(static options => options.SiteCode = "abcde12345").UseSandbox();
        using var host = builder.Build();
        host.Services.GetRequiredService<KameleoonSandbox>().SetProject("""
            { "flags": { "packing": { "default": "plain", "variations": { "plain": {}, "gift": {} },
              "rules": [{ "id": 11, "experiment": 77, "split": { "gift": { "weight": 1, "id": 700 } } }] } } }
            """);
        await host.StartAsync();
        var client = host.Services.GetRequiredService<IKameleoonClientFactory>().ForVisitor("anna");

        client.GetVariation("packing").Key.ShouldBe("gift");

        (await client.FlushAsync()).ShouldBeTrue();
        await host.StopAsync();
    }
}
