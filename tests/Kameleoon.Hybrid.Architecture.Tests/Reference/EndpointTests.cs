using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;

namespace Kameleoon.Hybrid.Architecture.Tests.Reference;

/// <summary>The reference lists the endpoints that the library maps.</summary>
public sealed class EndpointTests
{
    [Fact]
    public async Task The_page_of_endpoints_has_every_endpoint_and_no_other()
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Configuration.AddInMemoryCollection(new Dictionary<string, string?>(StringComparer.Ordinal)
        {
            ["Kameleoon:SiteCode"] = "abcde12345",
            ["Kameleoon:Identity:HashKey"] = new('k', 32),
        });
        builder.Services.AddAuthorization();
        builder.Services.AddDataProtection();
        builder.Services.AddKameleoonHybrid(builder.Configuration).AddKameleoonTrust().AddSqliteStore("Data Source=:memory:");
        await using var application = builder.Build();
        application.MapKameleoonIdentity();
        application.MapKameleoonSync();
        application.MapKameleoonTrust();
        application.MapKameleoonOverrides();

        var mapped = ((IEndpointRouteBuilder)application).DataSources
            .SelectMany(static source => source.Endpoints).OfType<RouteEndpoint>()
            .SelectMany(static endpoint => endpoint.Metadata.GetRequiredMetadata<HttpMethodMetadata>().HttpMethods
                .Select(method => $"{method} /{endpoint.RoutePattern.RawText!.TrimStart('/')}"))
            .Where(static endpoint => !endpoint.StartsWith("HEAD", StringComparison.Ordinal))
            .ToList();
        var page = await File.ReadAllTextAsync(Path.Combine(Repository.Root, "docs", "reference", "endpoints.md"));
        var rows = page.Split('\n').Where(static line => line.StartsWith("| `", StringComparison.Ordinal))
            .Select(static line => line.Split('`')[1]).ToList();

        rows.Count.ShouldBeGreaterThan(5);
        rows.ShouldBe(mapped, ignoreOrder: true);
    }
}
