
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
        site.Log.Texts(202).ShouldHaveSingleItem().ShouldContain("/late");
    }
}
