using Microsoft.Extensions.Options;

namespace Kameleoon.Hybrid.Identity.Tests;

/// <summary>They are here because this project's folder, like that of a published application, has no sandbox in it.</summary>
public sealed class MissingSandboxTests
{
    [Theory]
    [InlineData("Production", null)]
    [InlineData("Staging", "false")]
    [InlineData("Development", "false")]
    public async Task An_application_that_does_not_enable_the_sandbox_runs_without_its_package(
        string environment, string? enabled)
    {
        await using var app = NewApplication(environment, enabled);

        app.MapKameleoonSandbox();
        await app.StartAsync();

        app.Services.GetRequiredService<IOptions<KameleoonOptions>>().Value.SiteCode.ShouldBe("shop");
        await app.StopAsync();
    }

    [Theory]
    [InlineData("Development", null)]
    [InlineData("Production", "true")]
    public async Task An_application_that_enables_the_sandbox_without_its_package_is_told_how_to_add_it(
        string environment, string? enabled)
    {
        await using var mapped = NewApplication(environment, enabled);
        await using var used = NewApplication(environment, enabled);

        var mapping = Should.Throw<InvalidOperationException>(() => mapped.MapKameleoonSandbox());
        var start = await Should.ThrowAsync<OptionsValidationException>(() => used.StartAsync());

        mapping.Message.ShouldContain("dotnet add package Kameleoon.Hybrid.Sandbox");
        start.Message.ShouldContain(mapping.Message);
    }

    private static WebApplication NewApplication(string environment, string? enabled)
    {
        var builder = WebApplication.CreateSlimBuilder(new WebApplicationOptions { EnvironmentName = environment });
        builder.Configuration["urls"] = "http://127.0.0.1:0";
        builder.Configuration["Kameleoon:SiteCode"] = "shop";
        builder.Configuration["Kameleoon:StartTimeout"] = "00:00:00";
        builder.Configuration["Kameleoon:Endpoints:Configuration"] = "http://127.0.0.1:9/";
        builder.Configuration["Kameleoon:Sandbox:Enabled"] = enabled;
        builder.Services.AddKameleoonHybrid(builder.Configuration).UseSandbox();
        return builder.Build();
    }
}
