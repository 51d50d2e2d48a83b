namespace Kameleoon.Hybrid.Tests;

/// <summary>When the stamp of a browser keeps the server from writing the cookie again, wherever it stands among the cookies.
/// </summary>
public sealed class StampTests
{
    private const string Name = "kameleoonVisitorCode";

    [Theory]
    [InlineData("{stamp}; {code}")]
    [InlineData("{code}; {stamp}")]
    [InlineData("a=b; {stamp}; c=kameleoonVisitorCode=no; {code}; d=e")]
    [InlineData("kameleoonVisitorCodeStamp=1.other; {code}; {stamp}")]
    [InlineData("{stamp}; kameleoonVisitorCodeStamp=1.other; {code}")]
    [InlineData("kameleoonVisitorCodeStampX=1; kameleoonVisitorCodeX=no; {code}; {stamp}")]
    public async Task One_fresh_stamp_in_any_place_keeps_the_cookie_as_it_is(string cookies)
    {
        await using var site = await TestSite.StartAsync();
        var (code, stamp) = await FirstCookiesAsync(site);

        using var response = await site.GetAsync(
            "/code", ("Cookie", cookies.Replace("{code}", code, StringComparison.Ordinal).Replace("{stamp}", stamp, StringComparison.Ordinal)));

        $"{Name}={await response.Content.ReadAsStringAsync()}".ShouldBe(code);
        VisitorCodeTests.SetCookies(response).ShouldBeEmpty();
    }

    [Theory]
    [InlineData("{code}; kameleoonVisitorCodeStamp=")]
    [InlineData("{code}; a=x{stamp}")]
    [InlineData("{code}; x{stamp}")]
    [InlineData("{code}; kameleoonVisitorCodeStamp=refused")]
    [InlineData("{code}; kameleoonVisitorCodeStamp=1.other; kameleoonVisitorCodeStamp=2.other")]
    public async Task Without_a_fresh_stamp_of_the_code_the_cookie_is_written_again(string cookies)
    {
        await using var site = await TestSite.StartAsync();
        var (code, stamp) = await FirstCookiesAsync(site);

        using var response = await site.GetAsync(
            "/code", ("Cookie", cookies.Replace("{code}", code, StringComparison.Ordinal).Replace("{stamp}", stamp, StringComparison.Ordinal)));

        VisitorCodeTests.SetCookies(response)[0].ShouldStartWith(code + ";");
    }

    [Fact]
    public async Task A_decision_in_a_callback_of_the_response_keeps_caches_from_what_other_callbacks_allow()
    {
        await using var site = await TestSite.StartAsync(
            map: app => app.MapGet("/late", (IKameleoonClient client) => client.GetFeatureList().Count),
            before: app => app.Use((context, next) =>
            {
                context.Response.OnStarting(() =>
                {
                    RequestVisitor.Of(context).Client.GetVariation("any");
                    context.Response.Headers.CacheControl = "public, max-age=60";
                    return Task.CompletedTask;
                });
                return next(context);
            }));

        using var response = await site.GetAsync("/late");

        response.Headers.CacheControl!.NoStore.ShouldBeTrue();
        response.Headers.CacheControl.Public.ShouldBeFalse();
    }

    private static async Task<(string Code, string Stamp)> FirstCookiesAsync(TestSite site)
    {
        using var first = await site.GetAsync("/code");
        return VisitorCodeTests.Jar(first).Split("; ") is [var code, var stamp]
            ? (code, stamp)
            : throw new InvalidOperationException("The first response sets two cookies.");
    }
}
