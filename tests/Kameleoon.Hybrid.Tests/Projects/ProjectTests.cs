using System.Collections.Concurrent;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.Diagnostics.HealthChecks;
using Microsoft.Extensions.Options;

namespace Kameleoon.Hybrid.Tests;

/// <summary>Several projects in one process, each with its own data file, settings and events.</summary>
public sealed class ProjectTests
{
    private static readonly (string, string) Anna = ("Cookie", "kameleoonVisitorCode=anna");
    private static readonly (string, string) BrandB = ("Host", "b.example.com");

    private readonly StubPlatform _other = DataFiles.Serving(DataFiles.Site()
        .Replace("7001", "9001", StringComparison.Ordinal)
        .Replace("\"checkout\"", "\"basket\"", StringComparison.Ordinal));

    [Fact]
    public async Task A_request_is_of_the_project_of_its_host()
    {
        await using var site = await StartAsync();

        (await site.ReadAsync("/decide/basket", Anna)).ShouldBe("off");
        (await site.ReadAsync("/decide/basket", Anna, BrandB)).ShouldBe("on");
        (await site.ReadAsync("/decide/basket", Anna, ("Host", "x.brand-b.test:8080"))).ShouldBe("on");
        (await site.ReadAsync("/decide/checkout", Anna)).ShouldBe("on");

        (await site.StopAndReadEventsAsync()).Select(sent => sent["id"]).ShouldBe(["7001"]);
        _other.Events.Select(sent => sent["id"]).ShouldAllBe(id => id == "9001");
        _other.TrackingRequests.ShouldAllBe(request => request.Url.Query.Contains("siteCode=brandb", StringComparison.Ordinal));
    }

    [Fact]
    public async Task A_page_loads_the_engine_of_its_project_and_hands_it_its_exposures()
    {
        await using var site = await StartAsync(map: app =>
            app.MapGet("/", (IKameleoonClient client, HttpContext context) =>
            {
                client.GetVariation("basket");
                return Pages.Tracking(context) + Pages.Engine(context);
            }));

        var ours = await site.ReadAsync("/", Anna);
        var theirs = await site.ReadAsync("/", Anna, BrandB);

        ours.ShouldContain("abcde12345.kameleoon.io");
        theirs.ShouldContain("brandb.kameleoon.io");
        theirs.ShouldContain("'Experiments.trigger',9001");
        await site.App.StopAsync();
        _other.Events.ShouldBeEmpty();
    }

    [Fact]
    public async Task Overrides_are_those_of_the_project_of_the_request()
    {
        await using var site = await StartAsync(
            services: TesterAuthentication.Add,
            map: static app =>
            {
                Pages.Map(app);
                app.MapKameleoonOverrides();
            });

        using var set = await site.CallAsync(HttpMethod.Post, """{"overrides":{"basket":"off"}}""", headers: BrandB);
        var cookie = ("Cookie", $"kameleoonVisitorCode=anna; {OverriddenSite.CookieOf(set)}");
        using var unknown = await site.CallAsync(HttpMethod.Post, """{"overrides":{"basket":"off"}}""");

        (await site.ReadAsync("/decide/basket", Anna, BrandB)).ShouldBe("on");
        (await site.ReadAsync("/decide/basket", cookie, BrandB)).ShouldBe("off");
        (await site.ReadAsync("/decide/checkout", cookie)).ShouldBe("on");
        unknown.StatusCode.ShouldBe(System.Net.HttpStatusCode.BadRequest);
    }

    [Fact]
    public async Task The_application_may_name_the_project_of_a_request()
    {
        await using var site = await StartAsync(options => options.SelectProject =
            static context => context.Request.Headers["X-Tenant"].ToString() is { Length: > 0 } tenant ? tenant : null);

        (await site.ReadAsync("/decide/basket", Anna, ("X-Tenant", "b"))).ShouldBe("on");
        (await site.ReadAsync("/decide/basket", Anna, BrandB)).ShouldBe("on");
        (await site.ReadAsync("/decide/basket", Anna, BrandB, ("X-Tenant", "c"))).ShouldBe("off");
        (await site.ReadAsync("/decide/basket", Anna, ("X-Tenant", "c"))).ShouldBe("off");

        site.Log.Texts(217).ShouldHaveSingleItem().ShouldContain("'c'");
    }

    [Fact]
    public async Task A_page_that_is_seen_is_seen_in_its_project_whatever_told_it()
    {
        await using var site = await StartAsync(
            options => options.SelectProject = static context => context.Request.Query["tenant"],
            map: app => app.MapGet("/", (IKameleoonClient client, HttpContext context) =>
            {
                client.GetVariation("basket");
                return Pages.Tracking(context);
            }));

        var image = (await site.ReadAsync("/?tenant=b", Anna)).Split("src=\"")[1].Split('"')[0];
        await site.ReadAsync(image, Anna);

        image.ShouldStartWith("/kameleoon/seen/b?e=9001");
        await site.App.StopAsync();
        _other.Events.ShouldHaveSingleItem()["id"].ShouldBe("9001");
    }

    [Fact]
    public async Task The_default_project_gets_all_hosts_and_says_so_where_it_is_given_some() =>
        (await Should.ThrowAsync<InvalidOperationException>(() => StartAsync(options => options.Hosts.Add("a.example.com"))))
            .Message.ShouldContain("Kameleoon:Hosts is set");

    [Fact]
    public async Task A_tenant_that_cannot_be_told_breaks_no_page()
    {
        await using var site = await StartAsync(options => options.SelectProject = static _ => throw new FormatException("Whose?"));

        (await site.ReadAsync("/decide/basket", Anna, BrandB)).ShouldBe("on");
        (await site.ReadAsync("/decide/checkout", Anna)).ShouldBe("on");

        site.Log.Texts(218).ShouldHaveSingleItem();
    }

    [Theory]
    [InlineData("https://b.example.com")]
    [InlineData("b.example.com:8080")]
    [InlineData("*")]
    public async Task A_host_that_no_request_can_have_stops_the_start(string host)
    {
        var failure = await Should.ThrowAsync<OptionsValidationException>(() => StartAsync(brand: options => options.Hosts.Add(host)));

        failure.Message.ShouldContain($"Kameleoon:Projects:b:Hosts has '{host}'");
    }

    [Theory]
    [InlineData("/both", 1)]
    [InlineData("/both?status=500", 1)]
    public async Task Another_project_may_decide_for_a_page_too_and_its_server_reports_if_somebody_saw_it(string path, int sent)
    {
        await using var site = await StartAsync(map: app => app.MapGet("/both", (
            IKameleoonClient ours,
            [FromKeyedServices("b")] IKameleoonClient theirs,
            HttpContext context,
            int status = 200) =>
        {
            context.Response.StatusCode = status;
            ours.GetVisitorCode().ShouldBe(theirs.GetVisitorCode());
            var text = $"{theirs.GetVariation("basket").Key} {ours.GetVariation("checkout").Key} {Pages.Tracking(context)}";
            return Results.Text(text, "text/html", statusCode: status);
        }));

        using var response = await site.GetAsync(path);
        var page = await response.Content.ReadAsStringAsync();

        page.ShouldStartWith("on on");
        page.ShouldNotContain("9001");
        response.Headers.CacheControl!.NoStore.ShouldBeTrue();
        var code = VisitorCodeTests.SetCookies(response)[0].Split(';')[0].Split('=')[1];
        (await site.StopAndReadEventsAsync()).ShouldBeEmpty();
        _other.Events.Count.ShouldBe(sent);
        _other.Events.ShouldAllBe(exposure => exposure["visitorCode"] == code);
    }

    [Fact]
    public async Task Outside_of_requests_a_project_is_asked_for_by_its_name()
    {
        await using var site = await StartAsync();
        var factory = site.App.Services.GetRequiredKeyedService<IKameleoonClientFactory>("b");

        factory.ForVisitor("anna").GetVariation("basket").Key.ShouldBe("on");

        site.App.Services.GetRequiredKeyedService<IKameleoonConfiguration>("b").Version.ShouldNotBeNull();
        site.App.Services.GetRequiredService<IKameleoonClientFactory>().ForVisitor("anna").GetFeatureList().Contains("checkout", StringComparer.Ordinal).ShouldBeTrue();
        factory.ForVisitor("anna").GetFeatureList().Contains("checkout", StringComparer.Ordinal).ShouldBeFalse();
    }

    [Fact]
    public async Task A_project_whose_platform_is_down_does_not_disturb_the_others()
    {
        _other.DataFile = _ => throw new HttpRequestException("The platform is away.");
        await using var site = await StartAsync(brand: options => options.StartTimeout = TimeSpan.Zero);

        (await site.ReadAsync("/decide/basket", Anna, BrandB)).ShouldBe("off");
        (await site.ReadAsync("/decide/checkout", Anna)).ShouldBe("on");

        var health = await site.App.Services.GetRequiredService<HealthCheckService>().CheckHealthAsync();
        health.Entries["kameleoon"].Status.ShouldBe(HealthStatus.Healthy);
        health.Entries["brand"].Status.ShouldBe(HealthStatus.Unhealthy);
        health.Entries["brand"].Description!.ShouldContain("brandb");
    }

    [Fact]
    public async Task What_the_application_puts_in_place_of_ours_is_every_project_s()
    {
        await using var site = await StartAsync(services: services => services.AddSingleton<IBotDetector, EverybodyIsOne>());

        using var response = await site.GetAsync("/decide/basket", BrandB);

        (await response.Content.ReadAsStringAsync()).ShouldBe("off");
        VisitorCodeTests.SetCookies(response).ShouldBeEmpty();
    }

    [Fact]
    public async Task Settings_come_from_the_project_s_own_section()
    {
        var settings = new ConfigurationBuilder().AddInMemoryCollection(new Dictionary<string, string?>(StringComparer.Ordinal)
        {
            ["Kameleoon:SiteCode"] = "abcde12345",
            ["Kameleoon:Projects:b:SiteCode"] = "brandb",
            ["Kameleoon:Projects:b:Hosts:0"] = "b.example.com",
            ["Kameleoon:Projects:b:Configuration:LastGoodCopy"] = "false",
        }).Build();
        await using var site = await TestSite.StartAsync(services: services =>
            TestSite.Connect(services.AddKameleoonHybrid("b", settings), _other));

        (await site.ReadAsync("/decide/basket", Anna, BrandB)).ShouldBe("on");
    }

    [Fact]
    public async Task A_project_keeps_its_data_file_in_the_application_s_store_under_a_key_of_its_own()
    {
        var copies = new KeptKeys();
        await using var site = await StartAsync(
            services: services => services.AddSingleton<ILastGoodCopy>(copies),
            brand: static options =>
            {
                options.Environment = "staging";
                options.Configuration.LastGoodCopy = true;
                options.Configuration.LastGoodCopyFolder = "/dev/null/none";
            });

        await Eventually.IsTrueAsync(() => !copies.Written.IsEmpty);

        var key = copies.Written.ShouldHaveSingleItem();
        (key.SiteCode, key.Environment).ShouldBe(("brandb", "staging"));
    }

    [Fact]
    public async Task A_wrong_setting_of_a_project_stops_the_start_and_says_where_it_stands()
    {
        var failure = await Should.ThrowAsync<OptionsValidationException>(() => StartAsync(brand: options => options.SiteCode = ""));

        failure.Message.ShouldContain("Kameleoon:Projects:b:SiteCode is empty");
    }

    [Fact]
    public async Task A_host_of_two_projects_stops_the_start()
    {
        var failure = await Should.ThrowAsync<InvalidOperationException>(() => StartAsync(services: services =>
            services.AddKameleoonHybrid("c", options => (options.SiteCode, _) = ("brandc", Add(options.Hosts, "B.example.com")))));

        failure.Message.ShouldContain("both name 'B.example.com'");
    }

    private static bool Add(IList<string> hosts, string host)
    {
        hosts.Add(host);
        return true;
    }

    private Task<TestSite> StartAsync(
        Action<KameleoonOptions>? options = null,
        Action<KameleoonOptions>? brand = null,
        Action<WebApplication>? map = null,
        Action<IServiceCollection>? services = null) => TestSite.StartAsync(
            options,
            map,
            services: all =>
            {
                services?.Invoke(all);
                all.AddHealthChecks().AddKameleoonHybrid().AddKameleoonHybrid("brand", project: "b");
                TestSite.Connect(
                    all.AddKameleoonHybrid("b", settings =>
                    {
                        settings.SiteCode = "brandb";
                        settings.Hosts.Add("b.example.com");
                        settings.Hosts.Add("*.brand-b.test");
                        settings.Configuration.LastGoodCopy = false;
                        brand?.Invoke(settings);
                    }),
                    _other);
            });

    private sealed class KeptKeys : ILastGoodCopy
    {
        internal ConcurrentQueue<DataFileKey> Written { get; } = [];

        public Task<KeptDataFile?> ReadAsync(DataFileKey key, string? knownVersion, CancellationToken cancellationToken) =>
            Task.FromResult<KeptDataFile?>(null);

        public Task<bool> WriteAsync(DataFileKey key, KeptDataFile dataFile, CancellationToken cancellationToken)
        {
            Written.Enqueue(key);
            return Task.FromResult(true);
        }

        public Task<bool> ConfirmAsync(DataFileKey key, KeptDataFile dataFile, CancellationToken cancellationToken) =>
            Task.FromResult(true);
    }

    private sealed class EverybodyIsOne : IBotDetector
    {
        public bool IsBot(HttpRequest request) => true;
    }
}
