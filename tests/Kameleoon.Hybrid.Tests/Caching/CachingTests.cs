using Microsoft.AspNetCore.OutputCaching;

namespace Kameleoon.Hybrid.Tests;

/// <summary>A page that was decided for one visitor is never another's.</summary>
public sealed class CachingTests
{
    [Fact]
    public async Task The_first_decision_takes_the_response_out_of_every_cache()
    {
        await using var site = await TestSite.StartAsync(map: app => app.Map("/", (IKameleoonClient client, HttpContext context) =>
        {
            client.GetVariation("checkout", track: false);
            context.Response.Headers.CacheControl = "public, max-age=60";
        }));

        using var response = await site.GetAsync("/");

        response.Headers.CacheControl!.ToString().ShouldBe("no-store, no-cache, private");
    }

    [Fact]
    [Spec("K8")]
    public async Task A_decided_page_has_nothing_by_which_a_browser_could_keep_an_old_copy_of_it()
    {
        await using var site = await TestSite.StartAsync(map: app => app.MapGet("/{decided:bool}", (bool decided, IKameleoonClient client) =>
        {
            if (decided)
            {
                client.GetVariation("checkout");
            }

            return Results.Bytes([1], lastModified: DateTimeOffset.UnixEpoch.AddYears(50), entityTag: new("\"v1\""));
        }));

        using var decided = await site.GetAsync("/true", ("Cookie", "kameleoonVisitorCode=anna"));
        using var plain = await site.GetAsync("/false", ("Cookie", "kameleoonVisitorCode=anna"));

        decided.Headers.ETag.ShouldBeNull();
        decided.Content.Headers.LastModified.ShouldBeNull();
        plain.Headers.ETag.ShouldNotBeNull();
        plain.Content.Headers.LastModified.ShouldNotBeNull();
    }

    [Fact]
    public async Task A_page_without_a_decision_keeps_its_own_caching()
    {
        await using var site = await TestSite.StartAsync(map: app => app.Map("/", (HttpContext context) =>
        {
            context.Response.Headers.CacheControl = "public, max-age=60";
            return Pages.Engine(context);
        }));

        using var response = await site.GetAsync("/");

        response.Headers.CacheControl!.ToString().ShouldBe("public, max-age=60");
        VisitorCodeTests.SetCookies(response).ShouldBeEmpty();
    }

    [Fact]
    public async Task A_response_that_asked_for_the_visitor_code_is_out_of_every_cache_too()
    {
        await using var site = await TestSite.StartAsync(map: app => app.Map("/", (IKameleoonClient client, HttpContext context) =>
        {
            context.Response.Headers.CacheControl = "public, max-age=60";
            return client.GetVisitorCode();
        }));

        using var response = await site.GetAsync("/", ("Cookie", "kameleoonVisitorCode=alice"));

        response.Headers.CacheControl!.Public.ShouldBeFalse();
        response.Headers.CacheControl.NoStore.ShouldBeTrue();
    }

    [Theory]
    [InlineData("public, max-age=60", false)]
    [InlineData("max-age=31536000, immutable", false)]
    [InlineData("s-maxage=60", false)]
    [InlineData("private, max-age=60", true)]
    [InlineData("no-cache", true)]
    [InlineData("max-age=0", true)]
    public async Task What_a_shared_cache_may_keep_carries_no_cookie(string cacheControl, bool written)
    {
        await using var site = await TestSite.StartAsync(map: app => app.Map("/", (HttpContext context) =>
        {
            context.Response.Headers.CacheControl = cacheControl;
        }));

        using var response = await site.GetAsync("/");

        (VisitorCodeTests.SetCookies(response).Count > 0).ShouldBe(written);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    [Spec("H8")]
    public async Task The_output_cache_never_stores_a_decided_page_wherever_it_stands(bool cacheFirst)
    {
        await using var site = await TestSite.StartAsync(
            services: services => services.AddOutputCache(options => options.AddBasePolicy(policy => policy.Cache())),
            map: app =>
            {
                app.UseOutputCache();
                if (cacheFirst)
                {
                    app.UseKameleoonVisitorCode();
                }

                app.Map("/", (IKameleoonClient client) => client.GetVariation("checkout").Key + client.GetVisitorCode());
            });

        foreach (var code in new[] { "first", "second", "third" })
        {
            var page = await (await site.GetAsync("/", ("Cookie", "kameleoonVisitorCode=" + code))).Content.ReadAsStringAsync();
            page.ShouldBe("on" + code);
        }
    }

    [Fact]
    public async Task A_decision_after_the_response_has_started_is_logged_and_breaks_nothing()
    {
        await using var site = await TestSite.StartAsync(map: app => app.Map("/late", async (IKameleoonClient client, HttpContext context) =>
        {
            await context.Response.WriteAsync("started ");
            await context.Response.WriteAsync(client.GetVariation("checkout").Key);
        }));

        (await site.ReadAsync("/late")).ShouldBe("started on");
        (await site.ReadAsync("/late")).ShouldBe("started on");
        site.Log.Texts(202).ShouldHaveSingleItem().ShouldContain("/late");
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    [Spec("H8")]
    public async Task The_output_cache_keeps_a_page_without_decisions_for_everybody_and_replays_no_visitor(bool cacheFirst)
    {
        var made = 0;
        await using var site = await StartCachedAsync(
            cacheFirst,
            app => app.MapGet("/", () => $"page {Interlocked.Increment(ref made)}"),
            services => services.AddOutputCache(options => options.AddBasePolicy(policy => policy.Cache())));

        await VisitNewlyAsync(site, "page 1");
        made.ShouldBe(1);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task A_policy_that_stores_whatever_it_gets_stores_no_visitor_either(bool cacheFirst)
    {
        await using var site = await StartCachedAsync(
            cacheFirst,
            app =>
            {
                app.MapGet("/", () => "page").CacheOutput("everything");
                app.MapGet("/decided", (IKameleoonClient client) => client.GetVariation("checkout").Key
                    + client.GetVisitorCode()).CacheOutput("everything");
            },
            services => services.AddOutputCache(options => options.AddPolicy("everything", new StoreEverything())));

        await VisitNewlyAsync(site, "page");
        (await site.ReadAsAsync("anna", "/decided")).ShouldBe("onanna");
        (await site.ReadAsAsync("bert", "/decided")).ShouldBe("onbert");
    }

    [Theory]
    [InlineData(true, true)]
    [InlineData(true, false)]
    [InlineData(false, true)]
    [InlineData(false, false)]
    [Spec("H8")]
    public async Task The_response_cache_never_stores_a_decided_page_whatever_the_page_says_and_when(
        bool cacheFirst, bool publicAfterwards)
    {
        await using var site = await StartCachedAsync(
            cacheFirst,
            app => app.MapGet("/", (IKameleoonClient client, HttpContext context) =>
            {
                var code = publicAfterwards ? client.GetVisitorCode() : null;
                context.Response.Headers.CacheControl = "public, max-age=60";
                return code ?? client.GetVisitorCode();
            }),
            services => services.AddResponseCaching(),
            static app => app.UseResponseCaching());

        (await site.ReadAsAsync("anna", "/")).ShouldBe("anna");
        (await site.ReadAsAsync("bert", "/")).ShouldBe("bert");
        site.Log.Texts(210).Any().ShouldBe(publicAfterwards);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    [Spec("H8")]
    public async Task The_response_cache_keeps_a_page_without_decisions_for_everybody(bool cacheFirst)
    {
        var made = 0;
        await using var site = await StartCachedAsync(
            cacheFirst,
            app => app.MapGet("/", (HttpContext context) =>
            {
                context.Response.Headers.CacheControl = "public, max-age=60";
                return $"page {Interlocked.Increment(ref made)}";
            }),
            services => services.AddResponseCaching(),
            static app => app.UseResponseCaching());

        await VisitNewlyAsync(site, "page 1");
        made.ShouldBe(1);
    }

    private static Task<TestSite> StartCachedAsync(
        bool cacheFirst,
        Action<WebApplication> map,
        Action<IServiceCollection> services,
        Action<WebApplication>? use = null)
    {
        use ??= static app => app.UseOutputCache();
        return TestSite.StartAsync(
            services: services,
            before: app =>
            {
                if (cacheFirst)
                {
                    use(app);
                }
            },
            map: app =>
            {
                if (!cacheFirst)
                {
                    use(app);
                }

                map(app);
            });
    }

    private static async Task VisitNewlyAsync(TestSite site, string page)
    {
        var codes = new List<string>();
        for (var i = 0; i < 5; i++)
        {
            using var response = await site.GetAsync("/");
            (await response.Content.ReadAsStringAsync()).ShouldBe(page);
            codes.AddRange(VisitorCodeTests.SetCookies(response));
        }

        codes.Distinct(StringComparer.Ordinal).Count().ShouldBe(codes.Count);
    }

    private sealed class StoreEverything : IOutputCachePolicy
    {
        public ValueTask CacheRequestAsync(OutputCacheContext context, CancellationToken cancellation)
        {
            context.EnableOutputCaching = true;
            context.AllowCacheLookup = true;
            context.AllowCacheStorage = true;
            return ValueTask.CompletedTask;
        }

        public ValueTask ServeFromCacheAsync(OutputCacheContext context, CancellationToken cancellation) =>
            ValueTask.CompletedTask;

        public ValueTask ServeResponseAsync(OutputCacheContext context, CancellationToken cancellation) =>
            ValueTask.CompletedTask;
    }
}
