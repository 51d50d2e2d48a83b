using System.Net;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Options;

namespace Kameleoon.Hybrid.Sandbox.Tests;

public sealed class RegistrationTests
{
    [Theory]
    [InlineData("Development", null, HttpStatusCode.OK)]
    [InlineData("Production", null, HttpStatusCode.NotFound)]
    [InlineData("Staging", null, HttpStatusCode.NotFound)]
    [InlineData("Production", "true", HttpStatusCode.OK)]
    [InlineData("Development", "false", HttpStatusCode.NotFound)]
    public async Task It_answers_in_development_or_when_told_to(
        string environment, string? enabled, HttpStatusCode expected)
    {
        (string, string)[] settings = enabled is null ? [] : [("Kameleoon:Sandbox:Enabled", enabled)];
        await using var site = await SandboxSite.StartAsync(
            "/_kameleoon", environment: environment, settings: settings);

        using var response = await site.GetAsync("_kameleoon/v3/s");

        response.StatusCode.ShouldBe(expected);
        site.Services.GetRequiredService<EndpointDataSource>().Endpoints.Any().ShouldBe(expected == HttpStatusCode.OK);
    }

    [Fact]
    public void Mapping_without_registering_names_the_missing_call()
    {
        var builder = WebApplication.CreateSlimBuilder();
        var app = builder.Build();

        var mistake = Should.Throw<InvalidOperationException>(() => app.MapKameleoonSandbox());

        mistake.Message.ShouldContain("AddKameleoonSandbox()");
    }

    [Theory]
    [InlineData("", "Kameleoon:Sandbox:DataFile is empty.")]
    [InlineData("a\0b", "Kameleoon:Sandbox:DataFile contains a null character")]
    [InlineData(".", "Kameleoon:Sandbox:DataFile is \".\", which is a folder.")]
    public async Task An_impossible_data_file_stops_the_start_with_a_sentence(string dataFile, string sentence)
    {
        var mistake = await Should.ThrowAsync<OptionsValidationException>(
            () => SandboxSite.StartAsync(settings: ("Kameleoon:Sandbox:DataFile", dataFile)));

        mistake.Message.ShouldStartWith(sentence);
    }

    [Fact]
    public async Task The_data_file_may_be_anywhere()
    {
        var elsewhere = Path.GetTempFileName();
        await File.WriteAllTextAsync(elsewhere, TestData.Json);
        await using var site = await SandboxSite.StartAsync(
            dataFile: null, settings: ("Kameleoon:Sandbox:DataFile", elsewhere));

        using var response = await site.GetAsync("v3/s");

        response.StatusCode.ShouldBe(HttpStatusCode.OK);
        File.Delete(elsewhere);
    }

    [Fact]
    public void Registering_twice_is_harmless_and_the_container_is_sound()
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Host.UseDefaultServiceProvider(provider => provider.ValidateOnBuild = provider.ValidateScopes = true);
        builder.Services.AddKameleoonSandbox().AddKameleoonSandbox();

        var app = builder.Build();

        app.Services.GetServices<IValidateOptions<KameleoonSandboxOptions>>().Count().ShouldBe(1);
        app.Services.GetRequiredService<InProcessHandler>().ShouldNotBeNull();
    }

    [Fact]
    public async Task The_library_gets_its_data_file_from_the_sandbox_and_reports_to_it_without_the_network()
    {
        await using var site = await SandboxSite.StartAsync(
            "/_kameleoon",
            configure: builder => builder.Services.AddKameleoonHybrid(builder.Configuration).UseSandbox(),
            settings: [("Kameleoon:SiteCode", "shop")]);

        var reported = site.Services.GetRequiredService<Recorder>().Changed;
        var clients = site.Services.GetRequiredService<IKameleoonClientFactory>();
        var variation = clients.ForVisitor("anna").GetVariation("checkout");

        var options = site.Services.GetRequiredService<IOptions<KameleoonOptions>>().Value;
        options.Endpoints.Engine!.OriginalString.ShouldBe("/_kameleoon");
        variation.Reason.ShouldBe(DecisionReason.Rule);
        await reported.WaitAsync(HangGuard.Timeout);
        var exposure = site.Services.GetRequiredService<LiveState>().Read(1).Events.Single();
        (exposure.Sender, exposure.Flag, exposure.VisitorCode).ShouldBe((EventSender.Server, "checkout", "anna"));
    }

    [Fact]
    public async Task The_library_is_left_alone_when_the_sandbox_is_not_enabled()
    {
        await using var site = await SandboxSite.StartAsync(
            environment: "Production",
            settings:
            [
                ("Kameleoon:SiteCode", "real"),
                ("Kameleoon:Endpoints:Configuration", "http://127.0.0.1:9/"),
                ("Kameleoon:StartTimeout", "00:00:00"),
            ],
            configure: builder => builder.Services.AddKameleoonHybrid(builder.Configuration).UseSandbox());

        var options = site.Services.GetRequiredService<IOptions<KameleoonOptions>>().Value;

        options.SiteCode.ShouldBe("real");
        options.Endpoints.Configuration!.Port.ShouldBe(9);
        options.Endpoints.Engine.ShouldBeNull();
    }
}
