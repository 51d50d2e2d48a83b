using Microsoft.AspNetCore.Routing;

namespace Kameleoon.Hybrid.EntityFrameworkCore.Tests;

/// <summary>What was said of a person is found under all of the person's codes, on each of two servers.</summary>
[Collection(nameof(Databases))]
public sealed class JoinedCodesTests(PostgreSqlServer postgres)
{
    private const string Shop = """
        {
          "configuration": { "consentType": "REQUIRED" },
          "customData": [
            { "id": 404, "index": 4, "name": "plan" },
            { "id": 407, "index": 7, "name": "person", "isMappingIdentifier": true }],
          "featureFlags": [{
            "id": 1, "featureKey": "checkout", "environmentEnabled": true, "defaultVariationKey": "off",
            "variations": [{ "key": "off" }, { "key": "on" }],
            "rules": [{ "id": 11, "type": "EXPERIMENTATION", "exposition": 1, "experimentId": 7001,
              "variationByExposition": [
                { "variationKey": "off", "variationId": 81000, "exposition": 0.5 },
                { "variationKey": "on", "variationId": 81001, "exposition": 0.5 }] }]
          }]
        }
        """;

    [Fact]
    public async Task What_a_mapping_identifier_joined_on_one_server_is_one_person_on_another()
    {
        using var database = await Store.CreateAsync("PostgreSQL", postgres);
        await using var a = await StartAsync(database);
        await using var b = await StartAsync(database);
        await SayAsync(a, "data?plan=gold", "browser");
        await SayAsync(a, "person?id=person-7", "browser");
        await WrittenAsync(a);

        (await AskAsync(b, "plan", "person-7")).ShouldBe("gold");
        (await AskAsync(b, "bucket", "person-7")).ShouldBe("browser");

        await SayAsync(b, "data?plan=silver", "person-7");
        await SayAsync(b, "consent?given=true", "person-7");
        await Eventually.IsTrueAsync(async () => await AskAsync(a, "plan", "browser") == "silver");
        (await AskAsync(a, "plan", "person-7")).ShouldBe("silver");
        await Eventually.IsTrueAsync(async () => await AskAsync(a, "consent", "browser") == "Given");
        await SayAsync(a, "data?plan=bronze", "browser");
        await Eventually.IsTrueAsync(async () => await AskAsync(b, "plan", "person-7") == "bronze");
    }

    [Fact]
    public async Task A_server_that_knows_a_person_s_code_already_hears_that_it_was_joined_to_another()
    {
        using var database = await Store.CreateAsync("PostgreSQL", postgres);
        await using var a = await StartAsync(database);
        await using var b = await StartAsync(database);
        (await AskAsync(b, "plan", "person-7")).ShouldBe("");

        await SayAsync(a, "data?plan=gold", "browser");
        await SayAsync(a, "person?id=person-7", "browser");

        await Eventually.IsTrueAsync(async () => await AskAsync(b, "plan", "person-7") == "gold");
        (await AskAsync(b, "bucket", "person-7")).ShouldBe("browser");
    }

    [Fact]
    public async Task A_person_s_own_code_is_that_on_all_servers()
    {
        using var database = await Store.CreateAsync("PostgreSQL", postgres);
        await using var a = await StartAsync(database);
        await using var b = await StartAsync(database);
        await SayAsync(a, "unique", "person-7");
        await WrittenAsync(a);

        (await AskAsync(b, "plan", "person-7")).ShouldBe("");

        b.App.Services.GetRequiredService<VisitorStore>().Peek("person-7")!.IsUnique.ShouldBeTrue();
    }

    [Fact]
    public async Task What_was_said_in_a_browser_on_one_server_holds_for_its_user_who_signs_in_on_another()
    {
        using var database = await Store.CreateAsync("PostgreSQL", postgres);
        await using var a = await StartAsync(database);
        await using var b = await StartAsync(database);
        await a.Identity.LinkAsync("anna", "annas");
        await SayAsync(a, "data?plan=gold", "browser");
        await SayAsync(a, "force?key=on", "browser");
        await SayAsync(a, "consent?given=true", "browser");
        await WrittenAsync(a);

        (await b.GoAsync("anna", "browser")).Code.ShouldBe("annas");

        (await AskAsync(b, "plan", "annas")).ShouldBe("gold");
        (await AskAsync(b, "consent", "annas")).ShouldBe("Given");
        (await AskAsync(b, "flag", "annas")).ShouldBe("on Forced");
        await Eventually.IsTrueAsync(async () => await AskAsync(a, "plan", "annas") == "gold");
        await Eventually.IsTrueAsync(async () => await AskAsync(a, "flag", "annas") == "on Forced");
        (await AskAsync(a, "consent", "annas")).ShouldBe("Given");
    }

    [Fact]
    public async Task What_a_person_answered_on_another_server_outweighs_what_their_browser_said()
    {
        using var database = await Store.CreateAsync("PostgreSQL", postgres);
        await using var a = await StartAsync(database);
        await using var b = await StartAsync(database);
        await a.Identity.LinkAsync("anna", "annas");
        await SayAsync(a, "consent?given=false", "annas");
        await SayAsync(a, "data?plan=gold", "annas");
        await WrittenAsync(a);
        await SayAsync(b, "data?plan=silver", "browser");
        await SayAsync(b, "consent?given=true", "browser");

        (await b.GoAsync("anna", "browser")).Code.ShouldBe("annas");

        (await AskAsync(b, "consent", "annas")).ShouldBe("Refused");
        (await AskAsync(b, "plan", "annas")).ShouldBe("gold");
        await WrittenAsync(b);
        (await AskAsync(a, "consent", "annas")).ShouldBe("Refused");
        (await AskAsync(a, "plan", "annas")).ShouldBe("gold");
    }

    [Fact]
    public async Task What_was_said_of_an_application_s_code_holds_once_it_was_merged_by_the_endpoint()
    {
        using var database = await Store.CreateAsync("PostgreSQL", postgres);
        await using var a = await StartAsync(database);
        await using var b = await StartAsync(database);
        await a.Identity.LinkAsync("anna", "annas");
        await SayAsync(a, "data?plan=gold", "phone");
        await SayAsync(a, "consent?given=true", "phone");
        await WrittenAsync(a);
        (await AskAsync(b, "plan", "phone")).ShouldBe("gold");

        (await b.SendAsync(HttpMethod.Post, "/kameleoon/visitor/sync", "anna", """{"visitorCode":"phone"}""", code: "phone"))
            .Status.ShouldBe(200);

        (await AskAsync(b, "plan", "annas")).ShouldBe("gold");
        await Eventually.IsTrueAsync(async () => await AskAsync(a, "plan", "annas") == "gold");
        (await AskAsync(b, "consent", "annas")).ShouldBe("Given");
    }

    private static Task<IdentitySite> StartAsync(Store database) => IdentitySite.StartAsync(
        kameleoon => database.AddTo(kameleoon).AddSharedSessions(),
        options => options.SharedSessions.Timeout = TimeSpan.FromSeconds(20),
        Map,
        Shop);

    private static void Map(RouteGroupBuilder group)
    {
        var test = group.MapGroup("test").AllowAnonymous();
        test.MapGet("plan", (HttpContext context, VisitorStore visitors) => Known(context, visitors)?.CustomData.Find(4)?[0] ?? "");
        test.MapGet("bucket", (HttpContext context, VisitorStore visitors) => Known(context, visitors)?.MappingIdentifier ?? "");
        test.MapGet("consent", (HttpContext context, VisitorStore visitors) => Known(context, visitors)?.Consent.ToString() ?? "");
        test.MapGet("flag", (IKameleoonClient kameleoon) =>
            kameleoon.GetVariation("checkout") is var got ? $"{got.Key} {got.Reason}" : "");
        test.MapPost("consent", (IKameleoonClient kameleoon, bool given) => kameleoon.SetLegalConsent(given));
        test.MapPost("data", (IKameleoonClient kameleoon, string plan) => kameleoon.AddData(new CustomData("plan", plan)));
        test.MapPost("person", (IKameleoonClient kameleoon, string id) => kameleoon.AddData(new CustomData("person", id)));
        test.MapPost("unique", (IKameleoonClient kameleoon) => kameleoon.AddData(new UniqueIdentifier(true)));
        test.MapPost("force", (IKameleoonClient kameleoon, string? key) => kameleoon.SetForcedVariation(7001, key).ToString());
    }

    private static VisitorSnapshot? Known(HttpContext context, VisitorStore visitors) =>
        visitors.Peek(RequestVisitor.Of(context).Code)?.Record.Known;

    private static Task<string> AskAsync(IdentitySite site, string what, string visitor) =>
        SendAsync(site, HttpMethod.Get, what, visitor);

    private static Task<string> SayAsync(IdentitySite site, string what, string visitor) =>
        SendAsync(site, HttpMethod.Post, what, visitor);

    private static async Task<string> SendAsync(IdentitySite site, HttpMethod method, string what, string visitor)
    {
        using var request = new HttpRequestMessage(method, "/kameleoon/test/" + what);
        request.Headers.Add("Cookie", "kameleoonVisitorCode=" + visitor);
        using var response = await site.Http.SendAsync(request);
        response.EnsureSuccessStatusCode();
        return await response.Content.ReadAsStringAsync();
    }

    private static Task WrittenAsync(IdentitySite site) => Eventually.IsTrueAsync(
        () => site.App.Services.GetRequiredService<SharedSessionWrites>().Count == 0);
}
