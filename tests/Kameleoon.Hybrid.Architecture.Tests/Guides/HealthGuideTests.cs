using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.TestHost;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;

namespace Kameleoon.Hybrid.Architecture.Tests.Guides;

/// <summary>What docs/trust.md says of health checks: a monitor is no visitor.</summary>
public sealed class HealthGuideTests
{
    [Theory]
    [InlineData("/visited", true)]
    [InlineData("/health", false)]
    public async Task A_health_check_sets_no_visitor_cookie_where_it_is_short_circuited(string path, bool sets)
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.WebHost.UseTestServer();
        builder.Configuration.AddInMemoryCollection([new("Kameleoon:SiteCode", "abcde12345")]);
        builder.Services.AddKameleoonHybrid(builder.Configuration).UseDataFile(new InMemoryDataFile("""{ "featureFlags": [] }"""));
        builder.Services.AddHealthChecks().AddKameleoonHybrid();
        await using var app = builder.Build();
        app.UseKameleoonVisitorCode();
        app.MapHealthChecks("/visited");
        app.MapHealthChecks("/health").ShortCircuit();
        await app.StartAsync();
        using var client = app.GetTestClient();
        client.DefaultRequestHeaders.Add("User-Agent", "Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0");

        using var response = await client.GetAsync(new Uri(path, UriKind.Relative));

        (await response.Content.ReadAsStringAsync()).ShouldBe("Healthy");
        response.Headers.Contains("Set-Cookie").ShouldBe(sets);
    }
}
