using System.Net;
using Kameleoon.Hybrid.Testing;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Mvc.Testing;
using Microsoft.Extensions.DependencyInjection;

namespace Kameleoon.Hybrid.Sandbox.Tests;

/// <summary>How users test their application: the sample shop, with the platform inside.</summary>
public sealed class FixtureTests(KameleoonSandboxFixture<Program> shop) : IClassFixture<KameleoonSandboxFixture<Program>>
{
    private static readonly Uri Basket = new("/checkout", UriKind.Relative);

    [Theory]
    [InlineData("classic")]
    [InlineData("one-page")]
    public async Task A_forced_variation_is_what_the_server_decides(string variation)
    {
        await shop.ChangeAsync(sandbox => sandbox.ForceVariation("checkout", variation));

        shop.Services.GetRequiredService<IKameleoonClientFactory>().ForVisitor($"visitor-{variation}")
            .GetVariation("checkout").Key.ShouldBe(variation);

        var exposure = await shop.Sandbox.WaitForEventAsync(
            sent => sent.Type is "experiment" && sent.VisitorCode.Is($"visitor-{variation}"));
        (exposure.FeatureKey, exposure.VariationKey, exposure.FromEngine).ShouldBe(("checkout", variation, false));
    }

    [Fact]
    public async Task A_flag_that_is_switched_off_is_off_for_everybody()
    {
        await shop.ChangeAsync(sandbox => sandbox.SetFlag("free-shipping-banner", enabled: false));

        shop.Services.GetRequiredService<IKameleoonClientFactory>().ForVisitor("anna")
            .IsFeatureActive("free-shipping-banner").ShouldBeFalse();
    }

    [Fact]
    public async Task The_shop_still_sells_while_the_platform_is_down()
    {
        await using var alone = new KameleoonSandboxFixture<Program>();
        using var browser = alone.CreateClient();
        alone.Sandbox.Fail("events");
        alone.Sandbox.Fail("configuration", status: null);

        using var page = await browser.GetAsync(Basket);

        page.IsSuccessStatusCode.ShouldBeTrue();
    }

    [Theory]
    [InlineData("Production")]
    [InlineData("Staging")]
    public async Task Outside_development_the_shop_has_no_sandbox(string environment)
    {
        await using var plain = new WebApplicationFactory<Program>();
        await using var copied = plain.WithWebHostBuilder(host => host
            .UseEnvironment(environment)
            .UseSetting("Kameleoon:SiteCode", "abcde12345")
            .UseSetting("Kameleoon:StartTimeout", "00:00:00")
            .UseSetting("Kameleoon:Endpoints:Configuration", "http://127.0.0.1:9/")
            .UseSetting("Kameleoon:Endpoints:Stream", "http://127.0.0.1:9/"));
        using var browser = copied.CreateClient();

        foreach (var path in (string[])["/_kameleoon/", "/_kameleoon/control/hits", "/_kameleoon/engine.js"])
        {
            using var answer = await browser.GetAsync(new Uri(path, UriKind.Relative));
            answer.StatusCode.ShouldBe(HttpStatusCode.NotFound, path);
        }
    }

    [Fact]
    public void What_the_project_does_not_have_is_refused_by_name() =>
        Should.Throw<ArgumentException>(() => shop.Sandbox.SetFlag("nobody", true)).Message
            .ShouldStartWith("There is no flag \"nobody\".");

    [Fact]
    public async Task An_event_that_never_comes_ends_with_those_that_did() =>
        (await Should.ThrowAsync<TimeoutException>(
            () => shop.Sandbox.WaitForEventAsync(sent => sent.Type is "never", TimeSpan.FromMilliseconds(50))))
        .Message.ShouldStartWith("No such event came.");

    [Fact]
    public async Task An_event_that_never_comes_is_explained_by_what_the_application_decided()
    {
        await using var alone = new KameleoonSandboxFixture<Program>();
        await alone.ChangeAsync(static sandbox => sandbox.ForceVariation("catalogue", "gallery"));
        using var visitor = alone.CreateClientOf("scriptless");
        using var page = await visitor.GetAsync(new Uri("/", UriKind.Relative));
        page.StatusCode.ShouldBe(HttpStatusCode.OK);
        alone.Services.GetRequiredService<IKameleoonClientFactory>().ForVisitor("untracked").GetVariation("catalogue", track: false);

        var message = (await Should.ThrowAsync<TimeoutException>(() => alone.WaitForEventAsync(
            static sent => sent.Type is "never", TimeSpan.FromSeconds(1)))).Message;

        message.ShouldContain("scriptless: catalogue = gallery; the engine owns this exposure, and HttpClient runs no scripts", customMessage: message);
        message.ShouldContain("untracked: catalogue = gallery; it was decided with track: false");
    }
}
