using Kameleoon.Hybrid.Listeners;
using Kameleoon.Hybrid.Stores;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.OutputCaching;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Diagnostics.HealthChecks;
using Microsoft.Extensions.Options;
using Microsoft.FeatureManagement;

namespace Kameleoon.Hybrid.Architecture.Tests.Guides;

/// <summary>Code of guides that registers something: it builds an application with valid settings and what the guide
/// promises.</summary>
public sealed class GuideTests
{
    [Fact]
    public async Task Farms_share_postgre_sql()
    {
        var builder = NewBuilder();

        builder.Services.AddKameleoonHybrid(builder.Configuration)
            .AddPostgreSqlStore("Host=db;Database=shop;Username=shop;Password=…")
            .AddSharedSessions()                                  // what is said about visitors
            .AddTrackingOutbox();                                 // events that outlive a server

        await using var app = Build(builder);
        app.Services.GetService<IVisitorSessionStore>().ShouldNotBeNull();
        app.Services.GetService<ITrackingOutbox>().ShouldNotBeNull();
    }

    [Fact]
    public async Task Farms_share_redis()
    {
        var builder = NewBuilder();

        builder.Services.AddKameleoonHybrid(builder.Configuration)
            .AddRedisStore("redis:6379,password=…");              // sessions, idempotency keys and the data file

        await using var app = Build(builder);
        app.Services.GetService<IIdempotencyKeyStore>().ShouldNotBeNull();
        app.Services.GetService<IVisitorLinkStore>().ShouldBeNull();
    }

    [Fact]
    public async Task Farms_share_redis_and_keep_links_and_outbox_in_postgre_sql()
    {
        var builder = NewBuilder();

        builder.Services.AddKameleoonHybrid(builder.Configuration)
            .AddRedisStore("redis:6379")
            .AddPostgreSqlStore("Host=db;Database=shop;Username=shop;Password=…")
            .AddTrackingOutbox();

        await using var app = Build(builder);
        app.Services.GetRequiredService<IIdempotencyKeyStore>().GetType().Namespace.ShouldBe("Kameleoon.Hybrid.EntityFrameworkCore");
        app.Services.GetRequiredService<IVisitorSessionStore>().GetType().Namespace.ShouldBe("Kameleoon.Hybrid.Redis");
    }

    [Fact]
    public async Task Any_distributed_cache_keeps_the_last_good_copy()
    {
        var builder = NewBuilder();

        builder.Services.AddDistributedMemoryCache();             // in production a shared one: AddStackExchangeRedisCache(…)
        builder.Services.AddKameleoonHybrid(builder.Configuration).AddDistributedLastGoodCopy();

        await using var app = Build(builder);
        app.Services.GetService<ILastGoodCopy>().ShouldNotBeNull();
    }

    [Fact]
    public async Task Pages_are_stored_for_each_variation()
    {
        var builder = NewBuilder();
        builder.Services.AddKameleoonHybrid(builder.Configuration);

        builder.Services.AddOutputCache(options =>
            options.AddKameleoonVariationPolicy("landing", ["checkout", "search"], TimeSpan.FromMinutes(5)));
        await using var app = Build(builder);

        app.UseKameleoonVisitorCode();
        app.UseOutputCache();
        app.MapGet("/", (IKameleoonClient client) => client.GetVariation("checkout").Key).CacheOutput("landing");

        ((IEndpointRouteBuilder)app).DataSources.Single().Endpoints.Single().Metadata.GetMetadata<IOutputCachePolicy>().ShouldNotBeNull();
    }

    [Fact]
    public async Task A_listener_is_called_for_exposures()
    {
        var builder = NewBuilder();
        builder.Services.AddSingleton<IExposureTopic, ExposureTopic>();

        builder.Services.AddKameleoonHybrid(builder.Configuration).AddListener<ExposureListener>();

        await using var app = Build(builder);
        app.Services.GetServices<IKameleoonListener>().ShouldContain(static listener => listener is ExposureListener);
    }

    [Fact]
    public async Task Health_checks_are_registered_with_tags()
    {
        var builder = NewBuilder();
        builder.Services.AddKameleoonHybrid(builder.Configuration);

        builder.Services.AddHealthChecks().AddKameleoonHybrid(tags: "ready");
        builder.Services.AddHealthChecks().AddKameleoonTracking();

        await using var app = Build(builder);
        app.Services.GetRequiredService<IOptions<HealthCheckServiceOptions>>().Value.Registrations.Count.ShouldBe(2);
    }

    [Fact]
    public async Task The_data_file_is_asked_for_on_demand()
    {
        var builder = NewBuilder();
        builder.Services.AddKameleoonHybrid(builder.Configuration).UseDataFile(new InMemoryDataFile("""{ "featureFlags": [] }"""));
        await using var app = Build(builder);
        var configuration = app.Services.GetRequiredService<IKameleoonConfiguration>();

        await configuration.RefreshIfStaleAsync(TimeSpan.FromMinutes(5)); // Or RefreshAsync(), whatever its age.

        configuration.Version.ShouldNotBeNull();
    }

    [Fact]
    public async Task A_project_beside_the_default_one_has_a_client_of_its_own()
    {
        var builder = NewBuilder(("Kameleoon:Projects:outlet:SiteCode", "fghij67890"));

        builder.Services.AddKameleoonHybrid(builder.Configuration);              // the default project
        builder.Services.AddKameleoonHybrid("outlet", builder.Configuration);    // section Kameleoon:Projects:outlet

        await using var app = Build(builder);
        app.MapGet("/", ([FromKeyedServices("outlet")] IKameleoonClient outlet) => outlet.GetVariation("teaser").Key);
        app.Services.GetKeyedService<IKameleoonConfiguration>("outlet").ShouldNotBeNull();
    }

    [Fact]
    public async Task A_tenant_selects_the_project()
    {
        var builder = NewBuilder();

        builder.Services.AddKameleoonHybrid(options =>
        {
            options.SiteCode = "abcde12345";
            options.SelectProject = context => context.Request.RouteValues["tenant"] as string;   // after app.UseRouting()
        });

        await using var app = Build(builder);
        app.Services.GetRequiredService<IOptions<KameleoonOptions>>().Value.SelectProject!(new DefaultHttpContext()).ShouldBeNull();
    }

    [Fact]
    public async Task Trust_has_a_page_a_health_check_and_a_guard()
    {
        var builder = NewBuilder();
        builder.Services.AddAuthorization();

        builder.Services.AddKameleoonHybrid(builder.Configuration).AddKameleoonTrust();
        builder.Services.AddHealthChecks().AddKameleoonTrust();

        builder.Services.AddKameleoonHybrid(builder.Configuration).AddKameleoonTrust(trust => trust.Guard.Enabled = true);

        await using var app = Build(builder);
        app.MapKameleoonTrust("/kameleoon/trust").RequireAuthorization("Operators");
        app.Services.GetRequiredService<IOptions<KameleoonOptions>>().Value.Trust.Guard.Enabled.ShouldBeTrue();
    }

    [Fact]
    public async Task Feature_management_asks_the_library()
    {
        var builder = NewBuilder();

        builder.Services.AddKameleoonHybrid(builder.Configuration);
        builder.Services.AddFeatureManagement().WithKameleoon();
        var app = builder.Build();
        app.UseKameleoonVisitorCode();

        await using var owned = app;
        app.Services.GetRequiredService<IFeatureManager>().GetType().Namespace.ShouldStartWith("Kameleoon.Hybrid");
    }

    private static WebApplicationBuilder NewBuilder(params (string Name, string Value)[] settings)
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Configuration.AddInMemoryCollection(settings.Append(("Kameleoon:SiteCode", "abcde12345"))
            .Append(("Kameleoon:Identity:HashKey", new string('k', 32)))
            .Select(static setting => KeyValuePair.Create<string, string?>(setting.Item1, setting.Item2)));
        return builder;
    }

    private static WebApplication Build(WebApplicationBuilder builder)
    {
        var app = builder.Build();
        app.Services.GetRequiredService<IOptions<KameleoonOptions>>().Value.SiteCode.ShouldBe("abcde12345"); // or a setting is wrong
        return app;
    }

    private interface IExposureTopic
    {
        ValueTask AddAsync(ExposureEvent exposure, CancellationToken cancellationToken);
    }

    private sealed class ExposureTopic : IExposureTopic
    {
        public ValueTask AddAsync(ExposureEvent exposure, CancellationToken cancellationToken) => ValueTask.CompletedTask;
    }

    private sealed class ExposureListener(IExposureTopic topic) : IKameleoonListener
    {
        public ValueTask OnExposureAsync(ExposureEvent exposure, CancellationToken cancellationToken) =>
            topic.AddAsync(exposure, cancellationToken);
    }
}
