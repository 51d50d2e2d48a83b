using System.IO.Compression;
using System.Text;

namespace Kameleoon.Hybrid.Identity.Tests;

/// <summary>Callers who are not signed in, have not agreed, or send from another site or in another format are refused.</summary>
[Collection(nameof(Databases))]
public sealed class RefusedCallerTests(PostgreSqlServer postgres) : EndpointTests(postgres)
{
    [Theory]
    [InlineData("GET", "/kameleoon/visitor")]
    [InlineData("POST", "/kameleoon/visitor/sync")]
    [InlineData("POST", "/kameleoon/decisions")]
    [InlineData("GET", "/kameleoon/decisions")]
    [InlineData("POST", "/kameleoon/events")]
    public async Task Nobody_gets_an_answer_without_being_signed_in(string method, string path)
    {
        (await Site.SendAsync(new HttpMethod(method), path, code: "anybody")).Status.ShouldBe(401);
    }

    [Theory]
    [InlineData("GET", "/kameleoon/visitor", null)]
    [InlineData("POST", "/kameleoon/visitor/sync", """{"visitorCode":"phone"}""")]
    [InlineData("POST", "/kameleoon/decisions", "{}")]
    [InlineData("POST", "/kameleoon/events", Bought)]
    public async Task Nobody_is_linked_by_an_endpoint_before_agreeing_where_that_is_required(
        string method, string path, string? body)
    {
        var agreed = new Agreed();
        await using var site = await IdentitySite.StartAsync(
            Database.AddTo,
            dataFile: IdentitySite.Experiments.Replace("NOT_REQUIRED", "REQUIRED", StringComparison.Ordinal),
            services: services => services.AddSingleton<IKameleoonConsentProvider>(agreed));

        var (status, problem) = await site.SendAsync(new HttpMethod(method), path, "anna", body);

        (status, problem.GetProperty("title").GetString()).ShouldBe((403, "The person has not agreed."));
        (await site.Identity.ExportAsync("anna")).ShouldBeEmpty();
        agreed.Answer = true;
        (await site.SendAsync(new HttpMethod(method), path, "anna", body)).Status.ShouldBeInRange(200, 202);
        (await site.Identity.ExportAsync("anna")).ShouldHaveSingleItem();
    }

    [Fact]
    public async Task Another_site_cannot_make_its_visitors_see_experiments_here()
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, "/kameleoon/decisions")
        {
            Headers = { { UserHeader.Name, "anna" }, { "Sec-Fetch-Dest", "image" }, { "Sec-Fetch-Site", "cross-site" } },
        };

        using var response = await Site.Http.SendAsync(request);

        ((int)response.StatusCode).ShouldBe(403);
    }

    [Fact]
    public async Task A_body_that_is_too_large_or_no_json_is_refused()
    {
        var large = $$"""{"visitorCode":"{{new string('a', 70_000)}}"}""";

        (await Site.SendAsync(HttpMethod.Post, "/kameleoon/visitor/sync", "anna", large)).Status.ShouldBe(413);
        using var request = new HttpRequestMessage(HttpMethod.Post, "/kameleoon/visitor/sync")
        {
            Content = new StringContent("visitorCode=forged", Encoding.UTF8, "application/x-www-form-urlencoded"),
            Headers = { { UserHeader.Name, "anna" } },
        };
        using var form = await Site.Http.SendAsync(request);
        ((int)form.StatusCode).ShouldBe(415);
    }

    [Fact]
    public async Task A_compressed_body_that_is_broken_is_refused()
    {
        await using var site = await IdentitySite.StartAsync(Database.AddTo, endpoints: group => group.AddEndpointFilter((call, next) =>
        {
            call.HttpContext.Request.Body = new GZipStream(call.HttpContext.Request.Body, CompressionMode.Decompress);
            return next(call);
        }));

        (await site.SendAsync(HttpMethod.Post, "/kameleoon/decisions", "anna", "{}")).Status.ShouldBe(400);
    }

    [Theory]
    [InlineData("Sec-Fetch-Site", "same-origin", 200)]
    [InlineData("Origin", "{this}", 200)]
    [InlineData("Sec-Fetch-Site", "same-site", 415)]
    [InlineData("Sec-Fetch-Site", "cross-site", 403)]
    [InlineData("Origin", "https://other.test", 415)]
    [InlineData("Origin", "null", 415)]
    [InlineData("X-Nothing", "", 415)]
    public async Task JSON_without_its_content_type_is_taken_from_pages_of_this_host_only(string header, string value, int expected)
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, "/kameleoon/visitor/sync")
        {
            Content = new StringContent("""{"visitorCode":"browser1"}""", Encoding.UTF8, "text/plain"),
            Headers = { { UserHeader.Name, "anna" } },
        };
        request.Headers.TryAddWithoutValidation(
            header, value.Replace("{this}", Site.Http.BaseAddress!.GetLeftPart(UriPartial.Authority), StringComparison.Ordinal));

        using var response = await Site.Http.SendAsync(request);

        ((int)response.StatusCode).ShouldBe(expected);
        (await Site.Identity.FindVisitorCodeAsync("anna")).ShouldBe(expected == 200 ? "browser1" : null);
    }

    private sealed class Agreed : IKameleoonConsentProvider
    {
        internal bool? Answer { get; set; }

        public bool? GetConsent(HttpContext context) => Answer;
    }
}
