namespace Kameleoon.Hybrid.Tests;

/// <summary>Where the tags find the nonce of the Content-Security-Policy.</summary>
public sealed class NonceTests
{
    [Theory]
    [InlineData("attribute", "provider", "item", "attribute")]
    [InlineData(null, "provider", "item", "provider")]
    [InlineData(null, null, "item", "item")]
    [InlineData(null, null, null, null)]
    [Spec("C2")]
    public async Task The_first_source_that_knows_the_nonce_is_asked(string? attribute, string? provider, string? item, string? expected)
    {
        await using var site = await StartAsync(attribute, provider, item, policy: "script-src 'self'");

        using var page = await site.OpenAsync("/");

        page.Scripts.Length.ShouldBe(3);
        page.Scripts.ShouldAllBe(script => script.GetAttribute("nonce") == expected);
        site.Log.Texts(402).ShouldBeEmpty();
    }

    [Fact]
    [Spec("C2")]
    public async Task A_policy_with_a_nonce_that_the_tags_do_not_find_is_logged_once()
    {
        await using var site = await StartAsync(null, null, null, policy: "script-src 'self' 'nonce-abc'");

        using var first = await site.OpenAsync("/");
        using var second = await site.OpenAsync("/");

        site.Log.Texts(402).ShouldHaveSingleItem().ShouldContain("IKameleoonNonceProvider");
    }

    private static Task<TestSite> StartAsync(string? attribute, string? provider, string? item, string policy) =>
        TestSite.StartAsync(
            services: services =>
            {
                if (provider is not null)
                {
                    services.AddScoped<IKameleoonNonceProvider>(_ => new Fixed(provider));
                }
            },
            map: app => app.MapGet("/", (IKameleoonClient client, HttpContext context) =>
            {
                context.Response.Headers.ContentSecurityPolicy = policy;
                if (item is not null)
                {
                    context.Items["csp-nonce"] = item;
                }

                client.GetVariation("checkout");
                return Pages.Tracking(context, attribute) + Pages.Engine(context, attribute);
            }));

    private sealed class Fixed(string nonce) : IKameleoonNonceProvider
    {
        public string? GetNonce(HttpContext context) => nonce;
    }
}
