using System.Net.Http.Json;
using Kameleoon.Hybrid.Sandbox;
using Kameleoon.Hybrid.Tests;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Mvc.Testing;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace Kameleoon.Hybrid.Testing.Tests;

/// <summary>How a team tests an application that does not refer to the sandbox, by a factory of its own.</summary>
public sealed class FactoryTests(FactoryTests.ApiFactory site) : IClassFixture<FactoryTests.ApiFactory>
{
    private static readonly Uri Shipping = new("/shipping", UriKind.Relative);

    [Fact]
    public void The_application_under_test_does_not_refer_to_the_sandbox() =>
        typeof(Program).Assembly.GetReferencedAssemblies()
            .ShouldNotContain(reference => reference.Name == typeof(KameleoonSandbox).Assembly.GetName().Name);

    [Theory]
    [InlineData("flat")]
    [InlineData("free")]
    public async Task A_factory_of_the_team_decides_by_the_sandbox_and_reports_to_it(string variation)
    {
        var code = $"kit-{variation}";
        await site.ChangeAsync(sandbox => sandbox.ForceVariation("shipping", variation));
        using var visitor = site.CreateClientOf(code);

        var answer = await visitor.GetFromJsonAsync<Decided>(Shipping);

        answer.ShouldBe(new Decided(code, variation));
        var exposure = await site.WaitForEventAsync(sent => sent.Type is "experiment" && sent.VisitorCode == code);
        exposure.VariationKey.ShouldBe(variation);
    }

    [Fact]
    public async Task Any_factory_gets_the_sandbox_and_keeps_its_own_settings()
    {
        await using var plain = new WebApplicationFactory<Program>();
        await using var derived = plain
            .WithWebHostBuilder(static host => host.UseSetting("Kameleoon:SiteCode", "other00000").UseEnvironment("Production"))
            .WithKameleoonSandbox("flags.json");

        await derived.ChangeAsync(static sandbox => sandbox.SetFlag("shipping", enabled: false));

        derived.Services.GetRequiredService<IKameleoonClientFactory>().ForVisitor("anna")
            .IsFeatureActive("shipping").ShouldBeFalse();
        using var browser = derived.CreateClient();
        (await browser.GetStringAsync(new Uri("/_kameleoon/engine.js", UriKind.Relative))).ShouldContain("other00000");
        (await browser.GetStringAsync(new Uri("/_kameleoon/", UriKind.Relative))).ShouldContain("<html");
    }

    [Fact]
    public async Task The_same_change_twice_returns_and_so_does_a_change_that_changes_nothing()
    {
        await site.ChangeAsync(static sandbox => sandbox.ForceVariation("packing", "bag"));
        await site.ChangeAsync(static sandbox => sandbox.ForceVariation("packing", "bag"));
        await site.ChangeAsync(static _ => { });

        site.Services.GetRequiredService<IKameleoonClientFactory>().ForVisitor("ben").GetVariation("packing").Key.ShouldBe("bag");
    }

    [Fact]
    public async Task Each_of_many_changes_at_once_is_in_force_when_its_wait_ends()
    {
        await Task.WhenAll(Enumerable.Range(0, 20).Select(async number =>
        {
            var code = $"many-{number}";
            var variation = number % 2 == 0 ? "flat" : "free";
            await site.ChangeAsync(sandbox => sandbox.ForceVariation("shipping", variation, code));
            site.Services.GetRequiredService<IKameleoonClientFactory>().ForVisitor(code)
                .GetVariation("shipping").Key.ShouldBe(variation);
        }));
    }

    [Fact]
    public async Task A_change_that_cannot_arrive_says_why_instead_of_waiting()
    {
        await using var alone = new WebApplicationFactory<Program>();
        await using var cut = alone.WithKameleoonSandbox("flags.json");
        await cut.ChangeAsync(static _ => { });
        cut.GetSandbox().Fail("configuration", status: 403);

        (await Should.ThrowAsync<InvalidOperationException>(
            () => cut.ChangeAsync(static sandbox => sandbox.SetFlag("shipping", enabled: false)))).Message
            .ShouldContain("Fail(\"configuration\")");
    }

    [Fact]
    public async Task An_application_with_a_data_file_of_its_own_is_told_that_it_does_not_ask_the_sandbox()
    {
        await using var alone = new WebApplicationFactory<Program>();
        await using var other = alone.WithKameleoonSandbox("flags.json").WithWebHostBuilder(static host =>
            host.ConfigureServices(static services => services.AddKameleoonHybrid(static _ => { })
                .UseDataFile(new InMemoryDataFile("""{ "featureFlags": [] }"""))));

        (await Should.ThrowAsync<InvalidOperationException>(
            () => other.ChangeAsync(static sandbox => sandbox.SetFlag("shipping", enabled: false)))).Message
            .ShouldContain("UseDataFile");
    }

    [Fact]
    public void A_project_that_is_missing_is_named_with_the_remedy()
    {
        using var plain = new WebApplicationFactory<Program>();
        using var derived = plain.WithKameleoonSandbox("missing.json");

        Should.Throw<FileNotFoundException>(() => derived.Services).Message.ShouldContain("CopyToOutputDirectory");
    }

    [Fact]
    public void A_factory_without_the_sandbox_is_told_how_to_get_it()
    {
        using var plain = new WebApplicationFactory<Program>();
        using var silent = plain.WithWebHostBuilder(static host => host.UseSetting("Kameleoon:StartTimeout", "00:00:00"));

        Should.Throw<InvalidOperationException>(() => silent.GetSandbox()).Message.ShouldContain("WithKameleoonSandbox()");
    }

    [Fact]
    public async Task An_event_that_does_not_come_is_explained_by_every_reason_for_which_events_were_dropped()
    {
        await using var plain = new WebApplicationFactory<Program>();
        await using var strict = plain.WithKameleoonSandbox("flags.json").WithWebHostBuilder(
            static host => host.UseSetting("Kameleoon:Bots:Detect", "true"));
        using var visitor = strict.CreateClientOf("again");
        visitor.DefaultRequestHeaders.Add("User-Agent", "Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0");
        using var bot = strict.CreateClientOf("crawler");
        bot.DefaultRequestHeaders.Add("User-Agent", "Googlebot/2.1");

        await visitor.GetStringAsync(Shipping);
        await visitor.GetStringAsync(Shipping);
        await bot.GetStringAsync(Shipping);

        await Eventually.IsTrueAsync(async () =>
        {
            var missing = await Should.ThrowAsync<TimeoutException>(
                () => strict.WaitForEventAsync(static _ => false, TimeSpan.FromMilliseconds(100)));
            return missing.Message.Contains("as bot, ", StringComparison.Ordinal)
                && missing.Message.Contains("as repeated.", StringComparison.Ordinal);
        });
    }

    [Fact]
    public async Task Requests_to_the_sandbox_in_process_leave_no_routing_lines_in_the_application_s_log()
    {
        await using var plain = new WebApplicationFactory<Program>();
        await using var logged = plain.WithKameleoonSandbox("flags.json").WithWebHostBuilder(static host =>
            host.ConfigureLogging(static logging => logging.ClearProviders().AddFakeLogging().SetMinimumLevel(LogLevel.Debug)));
        await logged.ChangeAsync(static sandbox => sandbox.SetFlag("shipping", enabled: false));
        using var visitor = logged.CreateClientOf("quiet");
        await visitor.GetStringAsync(Shipping);

        var routed = logged.Services.GetFakeLogCollector().GetSnapshot()
            .Where(static line => line.Category!.StartsWith("Microsoft.AspNetCore.Routing", StringComparison.Ordinal))
            .Select(static line => line.Message).ToList();

        routed.ShouldContain(static line => line.Contains("/shipping"));
        routed.ShouldNotContain(static line => line.Contains("v3") || line.Contains("sse"));
    }

    private sealed record Decided(string VisitorCode, string Variation);

    /// <summary>A factory as teams have one, with the sandbox in it.</summary>
    public sealed class ApiFactory : WebApplicationFactory<Program>
    {
        protected override void ConfigureWebHost(IWebHostBuilder builder) => builder.UseKameleoonSandbox("flags.json");
    }
}
