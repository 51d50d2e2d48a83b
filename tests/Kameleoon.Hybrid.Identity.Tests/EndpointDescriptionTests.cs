using Microsoft.AspNetCore.Http.Metadata;
using Microsoft.AspNetCore.Mvc.ApiExplorer;
using Microsoft.AspNetCore.Routing;

namespace Kameleoon.Hybrid.Identity.Tests;

/// <summary>The endpoints are described for OpenAPI and for explorers of APIs.</summary>
[Collection(nameof(Databases))]
public sealed class EndpointDescriptionTests(PostgreSqlServer postgres) : EndpointTests(postgres)
{
    [Fact]
    public void Every_endpoint_is_described_for_open_api()
    {
        var endpoints = Site.App.Services.GetRequiredService<EndpointDataSource>().Endpoints
            .Where(endpoint => endpoint.Metadata.GetMetadata<IEndpointNameMetadata>()?.EndpointName
                .StartsWith("Kameleoon", StringComparison.Ordinal) == true).ToList();

        endpoints.Count.ShouldBe(5);
        endpoints.ShouldAllBe(endpoint =>
            endpoint.Metadata.GetMetadata<IEndpointSummaryMetadata>() != null
            && endpoint.Metadata.GetMetadata<System.Reflection.MethodInfo>() != null
            && endpoint.Metadata.GetOrderedMetadata<IProducesResponseTypeMetadata>().Any(answer => answer.StatusCode < 300)
            && endpoint.Metadata.GetOrderedMetadata<IProducesResponseTypeMetadata>().Any(answer => answer.StatusCode == 401));
        endpoints.Count(endpoint => endpoint.Metadata.GetMetadata<IAcceptsMetadata>() != null).ShouldBe(3);
    }

    [Fact]
    public async Task An_explorer_of_apis_lists_them()
    {
        await using var described = await IdentitySite.StartAsync(
            Database.AddTo, services: services => services.AddEndpointsApiExplorer());

        var apis = described.App.Services.GetRequiredService<IApiDescriptionGroupCollectionProvider>()
            .ApiDescriptionGroups.Items.SelectMany(group => group.Items)
            .Select(api => $"{api.HttpMethod} {api.RelativePath}");

        apis.Where(api => api.Contains("kameleoon/", StringComparison.Ordinal)).Order(StringComparer.Ordinal).ShouldBe(
            ["GET kameleoon/decisions", "GET kameleoon/visitor", "POST kameleoon/decisions", "POST kameleoon/events",
            "POST kameleoon/visitor/sync"]);
    }

    [Fact]
    public async Task Their_document_names_what_stands_in_addresses_and_headers()
    {
        await using var described = await IdentitySite.StartAsync(
            Database.AddTo, services: services => services.AddOpenApi(), endpoints: group => group.MapOpenApi());

        var (_, document) = await described.SendAsync(HttpMethod.Get, "/kameleoon/openapi/v1.json", "anna");

        var paths = document.GetProperty("paths");
        Parameters("/kameleoon/decisions", "get").ShouldBe(["query key array"]);
        Parameters("/kameleoon/events", "post").ShouldBe(["header Idempotency-Key string"]);
        paths.GetProperty("/kameleoon/events").GetProperty("post").GetProperty("requestBody").GetRawText()
            .ShouldContain("EventsRequest");
        paths.GetProperty("/kameleoon/visitor").GetProperty("get").TryGetProperty("parameters", out _).ShouldBeFalse();

        IEnumerable<string> Parameters(string path, string method) => paths.GetProperty(path).GetProperty(method)
            .GetProperty("parameters").EnumerateArray().Select(parameter =>
                $"{parameter.GetProperty("in")} {parameter.GetProperty("name")} {parameter.GetProperty("schema").GetProperty("type")}");
    }
}
