using System.Net;
using System.Security.Claims;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.DataProtection;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.TestHost;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;

namespace Kameleoon.Hybrid.Architecture.Tests.Guides;

/// <summary>The authentication of docs/guides/qa-in-production.md.</summary>
public sealed class TesterGuideTests
{
    private static readonly Uri Overrides = new("/kameleoon/overrides", UriKind.Relative);

    [Fact]
    public async Task Outside_development_the_overrides_are_for_testers_who_signed_in()
    {
        await using var app = Build();
        await app.StartAsync();
        using var client = app.GetTestClient();

        using var refused = await client.GetAsync(Overrides);
        using var signIn = await client.GetAsync(new Uri("/sign-in", UriKind.Relative));
        client.DefaultRequestHeaders.Add("Cookie", signIn.Headers.GetValues("Set-Cookie").Select(static cookie => cookie.Split(';')[0]));
        using var allowed = await client.GetAsync(Overrides);

        refused.StatusCode.ShouldNotBe(HttpStatusCode.OK);
        allowed.StatusCode.ShouldBe(HttpStatusCode.OK);
    }

    private static WebApplication Build()
    {
        var builder = WebApplication.CreateBuilder(new WebApplicationOptions { EnvironmentName = "Staging" });
        builder.WebHost.UseTestServer();
        builder.Configuration.AddInMemoryCollection([new("Kameleoon:SiteCode", "abcde12345")]);
        builder.Services.AddDataProtection().UseEphemeralDataProtectionProvider();
        builder.Services.AddKameleoonHybrid(builder.Configuration).UseDataFile(new InMemoryDataFile("""{ "featureFlags": [] }"""));

        builder.Services.AddAuthentication("cookie").AddCookie("cookie");
        builder.Services.AddAuthorizationBuilder().AddPolicy("Testers", static policy => policy.RequireRole("tester"));

        var app = builder.Build();
        app.UseAuthentication();
        app.UseAuthorization();
        app.UseKameleoonVisitorCode();
        app.MapKameleoonOverrides().RequireAuthorization("Testers");
        if (!app.Environment.IsProduction())
        {
            app.MapGet("/sign-in", () => Results.SignIn(
                new ClaimsPrincipal(new ClaimsIdentity([new Claim(ClaimTypes.Role, "tester")], "cookie")),
                authenticationScheme: "cookie"));
        }

        return app;
    }
}
