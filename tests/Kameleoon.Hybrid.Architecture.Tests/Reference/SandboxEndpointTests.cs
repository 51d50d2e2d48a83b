using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;

namespace Kameleoon.Hybrid.Architecture.Tests.Reference;

/// <summary>The reference names the endpoints of the sandbox.</summary>
public sealed class SandboxEndpointTests
{
    [Fact]
    public async Task The_page_of_the_sandbox_s_endpoints_names_each_of_them()
    {
        var builder = WebApplication.CreateSlimBuilder(new WebApplicationOptions { EnvironmentName = "Development" });
        builder.Services.AddKameleoonSandbox();
        await using var application = builder.Build();
        application.MapKameleoonSandbox("");

        var mapped = ((IEndpointRouteBuilder)application).DataSources
            .SelectMany(static source => source.Endpoints).OfType<RouteEndpoint>()
            .Select(static endpoint => endpoint.RoutePattern.RawText!.Split('{')[0])
            .Distinct(StringComparer.Ordinal)
            .ToList();
        var page = await File.ReadAllTextAsync(Path.Combine(Repository.Root, "docs", "reference", "sandbox-endpoints.md"));

        mapped.Count.ShouldBeGreaterThan(30);
        mapped.Where(path => !page.Contains(path, StringComparison.Ordinal)).ShouldBeEmpty();
    }
}
