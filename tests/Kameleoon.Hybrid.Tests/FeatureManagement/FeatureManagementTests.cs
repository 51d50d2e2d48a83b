using Microsoft.AspNetCore.Mvc;
using Microsoft.Extensions.Configuration;
using Microsoft.FeatureManagement;
using Microsoft.FeatureManagement.AspNetCore;
using Microsoft.FeatureManagement.FeatureFilters;
using Microsoft.FeatureManagement.Mvc;

namespace Kameleoon.Hybrid.Tests;

/// <summary>Microsoft.FeatureManagement decides Kameleoon's flags for the request's visitor.</summary>
public sealed class FeatureManagementTests
{
    private const string DataFile = """
        {
          "configuration": { "consentType": "NOT_REQUIRED" },
          "featureFlags": [{
            "id": 1, "featureKey": "checkout", "environmentEnabled": true, "defaultVariationKey": "off",
            "variations": [
              { "key": "off", "variables": [] },
              { "key": "short", "variables": [
                { "key": "Steps", "type": "NUMBER", "value": "2" },
                { "key": "Express", "type": "BOOLEAN", "value": "true" },
                { "key": "Theme", "type": "JSON", "value": "{\"Colour\":\"red\",\"Sizes\":[1,2]}" }
              ] }
            ],
            "rules": [{
              "id": 1001, "type": "EXPERIMENTATION", "segmentId": null, "exposition": 1, "experimentId": 7001,
              "variationByExposition": [{ "variationKey": "short", "variationId": 81001, "exposition": 1 }]
            }]
          }, {
            "id": 2, "featureKey": "dark", "environmentEnabled": false, "defaultVariationKey": "off",
            "variations": [{ "key": "off", "variables": [] }], "rules": []
          }]
        }
        """;

    [Theory]
    [InlineData("checkout", true)]
    [InlineData("dark", false)]
    [InlineData("theirs", true)]
    [InlineData("theirs-off", false)]
    [InlineData("unknown", false)]
    public async Task A_feature_is_decided_by_the_data_file_or_else_by_its_own_definition(string feature, bool isEnabled)
    {
        await using var site = await StartAsync(app =>
        {
            app.MapGet("/manager", (IVariantFeatureManager features) => features.IsEnabledAsync(feature).AsTask());
            app.MapGet("/snapshot", (IVariantFeatureManagerSnapshot features) => features.IsEnabledAsync(feature).AsTask());
            app.MapGet("/old", (IFeatureManagerSnapshot features) => features.IsEnabledAsync(feature));
        });

        foreach (var path in (string[])["/manager", "/snapshot", "/old"])
        {
            (await site.ReadAsAsync("anna", path)).ShouldBe(isEnabled ? "true" : "false");
        }
    }

    [Theory]
    [InlineData("/gate/checkout", 200)]
    [InlineData("/gate/dark", 404)]
    [InlineData("/gate/theirs", 200)]
    [InlineData("/gated/checkout", 200)]
    [InlineData("/gated/dark", 404)]
    public async Task Gates_of_controllers_and_endpoints_let_the_visitor_s_variation_pass(string path, int status)
    {
        await using var site = await StartAsync(app =>
        {
            app.MapControllers();
            foreach (var feature in (string[])["checkout", "dark"])
            {
                app.MapGet("/gated/" + feature, () => "open").WithFeatureGate(feature);
            }
        });

        using var response = await site.GetAsync(path, ("Cookie", "kameleoonVisitorCode=anna"));

        ((int)response.StatusCode).ShouldBe(status);
    }

    [Fact]
    public async Task Feature_tags_show_what_the_visitor_s_variation_allows()
    {
        await using var site = await StartAsync(app => app.MapRazorPages());

        var page = await site.ReadAsAsync("anna", "/feature-tags");

        page.Split('\n').Where(static line => line.Contains("<p>", StringComparison.Ordinal))
            .ShouldBe(["<p>checkout is on</p>", "<p>checkout is short</p>", "<p>theirs is on</p>"]);
    }

    [Fact]
    public async Task A_variant_has_the_variation_s_key_and_its_variables_as_configuration()
    {
        await using var site = await StartAsync(app => app.MapGet("/", async (IVariantFeatureManagerSnapshot features) =>
        {
            var variant = await features.GetVariantAsync("checkout", CancellationToken.None);
            var settings = variant.Configuration.Get<Settings>()!;
            return $"{variant.Name} {settings.Steps} {settings.Express} {settings.Theme.Colour} {string.Join('+', settings.Theme.Sizes)}";
        }));

        (await site.ReadAsAsync("anna", "/")).ShouldBe("short 2 True red 1+2");
    }

    [Fact]
    public async Task A_variable_that_no_text_can_hold_leaves_the_others()
    {
        await using var site = await StartAsync(
            app => app.MapGet("/", async (IVariantFeatureManagerSnapshot features) =>
            {
                var theme = (await features.GetVariantAsync("checkout", CancellationToken.None)).Configuration.GetSection("Theme");
                return $"{theme["Colour"]}{theme["Sizes:1"]}";
            }),
            dataFile: DataFile.Replace("\\\"red\\\"", "\\\"\\\\ud800\\\",\\\"\\\\udc00\\\":1", StringComparison.Ordinal));

        (await site.ReadAsAsync("anna", "/")).ShouldBe("2");
    }

    [Fact]
    public async Task A_flag_that_comes_while_a_page_is_made_does_not_take_the_place_of_a_feature_on_it()
    {
        var (begun, go) = (new TaskCompletionSource(), new TaskCompletionSource());
        await using var site = await StartAsync(app => app.MapGet("/", async (IFeatureManager features, IKameleoonClient client) =>
        {
            client.GetVariation("checkout");
            begun.SetResult();
            await go.Task;
            return await features.IsEnabledAsync("theirs");
        }));
        var page = site.ReadAsAsync("anna", "/");
        await begun.Task.WaitAsync(HangGuard.Timeout);
        site.Platform.DataFile = static _ => StubPlatform.Json(
            DataFile.Replace("\"dark\"", "\"theirs\"", StringComparison.Ordinal));
        (await site.Configuration.RefreshAsync()).ShouldBeTrue();
        go.SetResult();

        (await page).ShouldBe("true");
        (await site.App.Services.GetRequiredService<IVariantFeatureManager>()
            .IsEnabledAsync("theirs", new TargetingContext { UserId = "ben" })).ShouldBeFalse();
    }

    [Fact]
    public async Task A_variant_service_is_the_implementation_of_the_visitor_s_variation()
    {
        await using var site = await StartAsync(
            app => app.MapGet("/", async (IVariantServiceProvider<ICheckout> checkouts) =>
                (await checkouts.GetServiceAsync(CancellationToken.None))!.Name),
            features => features.WithVariantService<ICheckout>("checkout"));

        (await site.ReadAsAsync("anna", "/")).ShouldBe("short checkout");
    }

    [Fact]
    public async Task However_often_a_request_asks_the_exposure_is_reported_once()
    {
        await using var site = await StartAsync(app => app.MapGet(
            "/", async (IVariantFeatureManagerSnapshot snapshot, IVariantFeatureManager manager, IKameleoonClient client) =>
            {
                await snapshot.IsEnabledAsync("checkout");
                await snapshot.GetVariantAsync("checkout", CancellationToken.None);
                await manager.IsEnabledAsync("checkout");
                return client.GetVariation("checkout").Key;
            }));

        (await site.ReadAsAsync("anna", "/")).ShouldBe("short");

        (await site.StopAndReadEventsAsync()).Where(sent => sent["eventType"] == "experiment")
            .ShouldHaveSingleItem()["id"].ShouldBe("7001");
    }

    [Fact]
    public async Task Outside_of_a_request_the_user_of_the_targeting_context_is_the_visitor()
    {
        await using var site = await StartAsync(_ => { });
        var features = site.App.Services.GetRequiredService<IVariantFeatureManager>();

        (await features.IsEnabledAsync("checkout")).ShouldBeFalse();
        (await features.IsEnabledAsync("checkout", new TargetingContext { UserId = "anna" })).ShouldBeTrue();
        (await features.GetVariantAsync("checkout", new TargetingContext { UserId = "anna" })).Name.ShouldBe("short");
    }

    [Fact]
    public async Task All_features_are_named_once()
    {
        await using var site = await StartAsync(_ => { });
        var names = new List<string>();

        await foreach (var name in site.App.Services.GetRequiredService<IVariantFeatureManager>().GetFeatureNamesAsync())
        {
            names.Add(name);
        }

        names.ShouldBe(["checkout", "dark", "theirs", "theirs-off"], ignoreOrder: true);
    }

    [Fact]
    public void Without_a_feature_manager_the_error_names_the_missing_call()
    {
        var builder = new BareBuilder();

        Should.Throw<InvalidOperationException>(() => builder.WithKameleoon()).Message.ShouldContain("AddFeatureManagement");
    }

    private static Task<TestSite> StartAsync(
        Action<WebApplication> map,
        Action<IFeatureManagementBuilder>? more = null,
        string dataFile = DataFile) => TestSite.StartAsync(
            map: map,
            platform: DataFiles.Serving(dataFile),
            services: services =>
            {
                services.AddControllers().AddApplicationPart(typeof(GateController).Assembly);
                services.AddRazorPages(pages => pages.RootDirectory = "/Tags/Pages");
                services.AddSingleton<ICheckout, ShortCheckout>();
                services.AddSingleton<ICheckout, LongCheckout>();
                var features = services.AddFeatureManagement(new ConfigurationBuilder()
                    .AddInMemoryCollection(new Dictionary<string, string?>(StringComparer.Ordinal)
                    {
                        ["theirs"] = "true",
                        ["theirs-off"] = "false",
                        ["checkout"] = "false",
                    })
                    .Build());
                more?.Invoke(features);
                features.WithKameleoon().WithKameleoon();
            });

    private sealed record Settings(int Steps, bool Express, Theme Theme);

    private sealed record Theme(string Colour, int[] Sizes);

    private interface ICheckout
    {
        string Name { get; }
    }

    [VariantServiceAlias("long")]
    private sealed class LongCheckout : ICheckout
    {
        public string Name => "long checkout";
    }

    [VariantServiceAlias("short")]
    private sealed class ShortCheckout : ICheckout
    {
        public string Name => "short checkout";
    }

    private sealed class BareBuilder : IFeatureManagementBuilder
    {
        public IServiceCollection Services { get; } = new ServiceCollection();

        public IFeatureManagementBuilder AddFeatureFilter<T>()
            where T : IFeatureFilterMetadata => this;

        public IFeatureManagementBuilder AddSessionManager<T>()
            where T : ISessionManager => this;
    }
}

[Route("gate")]
public sealed class GateController : Controller
{
    [HttpGet("checkout")]
    [FeatureGate("checkout")]
    public IActionResult Checkout() => Content("open");

    [HttpGet("dark")]
    [FeatureGate("dark")]
    public IActionResult Dark() => Content("open");

    [HttpGet("theirs")]
    [FeatureGate("theirs")]
    public IActionResult Theirs() => Content("open");
}
