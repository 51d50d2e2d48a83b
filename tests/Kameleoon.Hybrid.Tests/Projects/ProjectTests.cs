using Microsoft.Extensions.Diagnostics.HealthChecks;
using Microsoft.Extensions.Hosting;
using static Kameleoon.Hybrid.Tests.TwoProjects;

namespace Kameleoon.Hybrid.Tests;

/// <summary>Several projects in one process, each with its own data file, settings and events.</summary>
public sealed class ProjectTests
{
    private readonly TwoProjects _projects = new();

    [Fact]
    public async Task A_request_is_of_the_project_of_its_host()
    {
        await using var site = await _projects.StartAsync();

        (await site.ReadAsync("/decide/basket", Anna)).ShouldBe("off");
        (await site.ReadAsync("/decide/basket", Anna, BrandB)).ShouldBe("on");
        (await site.ReadAsync("/decide/basket", Anna, ("Host", "x.brand-b.test:8080"))).ShouldBe("on");
        (await site.ReadAsync("/decide/checkout", Anna)).ShouldBe("on");

        (await site.StopAndReadEventsAsync()).Select(sent => sent["id"]).ShouldBe(["7001"]);
        _projects.Other.Events.Select(sent => sent["id"]).ShouldAllBe(id => id == "9001");
        _projects.Other.TrackingRequests.ShouldAllBe(request => request.Url.Query.Contains("siteCode=brandb", StringComparison.Ordinal));
    }

    [Theory]
    [InlineData("b.example.com", "on")]
    [InlineData("x.brand-b.test", "on")]
    [InlineData("a.example.com", "off")]
    [InlineData("brand-b.test", "off")]
    public async Task Of_several_projects_whose_hosts_fit_the_closest_name_has_the_request(string host, string variation)
    {
        await using var site = await _projects.StartAsync(services: static all => TestSite.Connect(
            all.AddKameleoonHybrid("wide", static settings =>
            {
                settings.SiteCode = "brandc";
                settings.Hosts.Add("*.example.com");
                settings.Hosts.Add("*.test");
                settings.Configuration.LastGoodCopy = false;
            }),
            DataFiles.Serving(DataFiles.Shop)));

        (await site.ReadAsync("/decide/basket", Anna, ("Host", host))).ShouldBe(variation);
    }

    [Fact]
    public async Task No_project_waits_for_another_when_they_start_and_stop()
    {
        var meetings = new Meetings();
        await using (var site = await _projects.StartAsync(services: all =>
        {
            all.AddKameleoonHybrid("b", static _ => { }).Services.AddSingleton<IHostedService>(new Meeting(meetings));
            var another = all.AddKameleoonHybrid("c", static settings => settings.SiteCode = "brandc");
            another.Services.AddSingleton<IHostedService>(new Meeting(meetings));
            TestSite.Connect(another, _projects.Other);
        }))
        {
            await site.App.StopAsync();
        }

        meetings.Held.ShouldBe(["starting", "start", "started", "stopping", "stop", "stopped"]);
    }

    [Fact]
    public async Task A_page_loads_the_engine_of_its_project_and_hands_it_its_exposures()
    {
        await using var site = await _projects.StartAsync(map: app =>
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
        _projects.Other.Events.ShouldBeEmpty();
    }

    [Fact]
    public async Task Overrides_are_those_of_the_project_of_the_request()
    {
        await using var site = await _projects.StartAsync(
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
        await using var site = await _projects.StartAsync(options => options.SelectProject =
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
        await using var site = await _projects.StartAsync(
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
        _projects.Other.Events.ShouldHaveSingleItem()["id"].ShouldBe("9001");
    }

    [Fact]
    public async Task A_tenant_that_cannot_be_told_breaks_no_page()
    {
        await using var site = await _projects.StartAsync(options => options.SelectProject = static _ => throw new FormatException("Whose?"));

        (await site.ReadAsync("/decide/basket", Anna, BrandB)).ShouldBe("on");
        (await site.ReadAsync("/decide/checkout", Anna)).ShouldBe("on");

        site.Log.Texts(218).ShouldHaveSingleItem();
    }

    [Theory]
    [InlineData("/both", 1)]
    [InlineData("/both?status=500", 1)]
    public async Task Another_project_may_decide_for_a_page_too_and_its_server_reports_if_somebody_saw_it(string path, int sent)
    {
        await using var site = await _projects.StartAsync(map: app => app.MapGet("/both", (
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
        _projects.Other.Events.Count.ShouldBe(sent);
        _projects.Other.Events.ShouldAllBe(exposure => exposure["visitorCode"] == code);
    }

    [Fact]
    public async Task Outside_of_requests_a_project_is_asked_for_by_its_name()
    {
        await using var site = await _projects.StartAsync();
        var factory = site.App.Services.GetRequiredKeyedService<IKameleoonClientFactory>("b");

        factory.ForVisitor("anna").GetVariation("basket").Key.ShouldBe("on");

        site.App.Services.GetRequiredKeyedService<IKameleoonConfiguration>("b").Version.ShouldNotBeNull();
        site.App.Services.GetRequiredService<IKameleoonClientFactory>().ForVisitor("anna").GetFeatureList().Contains("checkout", StringComparer.Ordinal).ShouldBeTrue();
        factory.ForVisitor("anna").GetFeatureList().Contains("checkout", StringComparer.Ordinal).ShouldBeFalse();
    }

    [Fact]
    public async Task A_project_whose_platform_is_down_does_not_disturb_the_others()
    {
        _projects.Other.DataFile = _ => throw new HttpRequestException("The platform is away.");
        await using var site = await _projects.StartAsync(brand: options => options.StartTimeout = TimeSpan.Zero);

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
        await using var site = await _projects.StartAsync(services: services => services.AddSingleton<IBotDetector, EverybodyIsOne>());

        using var response = await site.GetAsync("/decide/basket", BrandB);

        (await response.Content.ReadAsStringAsync()).ShouldBe("off");
        VisitorCodeTests.SetCookies(response).ShouldBeEmpty();
    }

    private sealed class EverybodyIsOne : IBotDetector
    {
        public bool IsBot(HttpRequest request) => true;
    }

    /// <summary>Where the services of two projects wait for each other.</summary>
    private sealed class Meetings
    {
        private readonly Dictionary<string, TaskCompletionSource> _begun = [];

        internal List<string> Held { get; } = [];

        internal Task MeetAsync(string phase)
        {
            lock (_begun)
            {
                if (_begun.TryGetValue(phase, out var first))
                {
                    Held.Add(phase);
                    first.SetResult();
                    return Task.CompletedTask;
                }

                _begun.Add(phase, first = new(TaskCreationOptions.RunContinuationsAsynchronously));
                return first.Task.WaitAsync(HangGuard.Timeout);
            }
        }
    }

    private sealed class Meeting(Meetings meetings) : IHostedLifecycleService
    {
        public Task StartingAsync(CancellationToken cancellationToken) => meetings.MeetAsync("starting");

        public Task StartAsync(CancellationToken cancellationToken) => meetings.MeetAsync("start");

        public Task StartedAsync(CancellationToken cancellationToken) => meetings.MeetAsync("started");

        public Task StoppingAsync(CancellationToken cancellationToken) => meetings.MeetAsync("stopping");

        public Task StopAsync(CancellationToken cancellationToken) => meetings.MeetAsync("stop");

        public Task StoppedAsync(CancellationToken cancellationToken) => meetings.MeetAsync("stopped");
    }
}
