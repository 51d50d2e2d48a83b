using Microsoft.AspNetCore.Routing;

namespace Kameleoon.Hybrid.Identity.Tests;

/// <summary>What one person answered binds nobody who takes the device over.</summary>
[Collection(nameof(Databases))]
public sealed class SharedDeviceTests(PostgreSqlServer postgres)
{
    private static readonly string Required =
        IdentitySite.Experiments.Replace("NOT_REQUIRED", "REQUIRED", StringComparison.Ordinal);

    // With a delivery the cookie is needed, and people are linked before they answer.
    private static readonly string WithDelivery = Required.Replace("\"rules\": [", """
        "rules": [{ "id": 12, "type": "TARGETED_DELIVERY", "exposition": 0, "experimentId": 7002,
          "variationByExposition": [{ "variationKey": "on", "variationId": 81002, "exposition": 1 }] },
        """, StringComparison.Ordinal);

    [Theory]
    [InlineData(SignInPolicy.AdoptLinked, SignOutPolicy.KeepVisitor)]
    [InlineData(SignInPolicy.KeepBrowser, SignOutPolicy.KeepVisitor)]
    [InlineData(SignInPolicy.LinkOnly, SignOutPolicy.KeepVisitor)]
    [InlineData(SignInPolicy.AdoptLinked, SignOutPolicy.NewVisitor)]
    public async Task What_a_person_agreed_to_is_nobody_else_s_word_who_signs_in_after_them(
        SignInPolicy signIn, SignOutPolicy signOut)
    {
        using var database = await Store.CreateAsync("SQLite", postgres);
        await using var site = await StartAsync(database, Required, signIn, signOut);
        var browser = new Browser(site);
        var annas = await AgreeAsync(browser, "anna");

        var berts = await browser.GoAsync("/kameleoon/test/page", "bert");

        Answer(berts).ShouldBe("Unknown");
        (Code(berts) == annas).ShouldBeFalse();
        (await site.Identity.ExportAsync("bert")).ShouldBeEmpty();
        browser.Code.ShouldBeNull();
        browser.Has("kameleoonVisitorCodeStamp").ShouldBeFalse();
        browser.Has("kameleoonVisitorCodeUser").ShouldBeFalse();

        // Bert agrees for himself: where he is, not where Anna was.
        (await browser.PostAsync($"/kameleoon/test/consent?given=true&kameleoonVisitorCode={Code(berts)}", "bert"))
            .ShouldBe(Code(berts));
        browser.Code.ShouldBe(Code(berts));
        (await browser.GoAsync("/kameleoon/test/page", "bert")).ShouldBe(Code(berts) + " Given");
        (await site.Identity.FindVisitorCodeAsync("bert")).ShouldBe(Code(berts));

        // Anna comes back, who has agreed under her own code.
        (await browser.GoAsync("/kameleoon/test/page", "anna")).ShouldBe(annas + " Given");
    }

    [Fact]
    public async Task Where_a_new_visitor_begins_at_the_sign_out_nothing_agreed_before_holds_and_the_new_one_can_agree()
    {
        using var database = await Store.CreateAsync("SQLite", postgres);
        await using var site = await StartAsync(database, Required, signOut: SignOutPolicy.NewVisitor);
        var browser = new Browser(site);
        var annas = await AgreeAsync(browser, "anna");
        await browser.GoAsync("/kameleoon/test/page", "anna");
        browser.Has("kameleoonVisitorCodeUser").ShouldBeTrue();

        var next = await browser.GoAsync("/kameleoon/test/page");

        Answer(next).ShouldBe("Unknown");
        (Code(next) == annas).ShouldBeFalse();
        browser.Code.ShouldBeNull();
        browser.Has("kameleoonVisitorCodeUser").ShouldBeFalse();
        await browser.PostAsync($"/kameleoon/test/consent?given=true&kameleoonVisitorCode={Code(next)}");
        (await browser.GoAsync("/kameleoon/test/page")).ShouldBe(Code(next) + " Given");
        (await browser.GoAsync("/kameleoon/test/page", "anna")).ShouldBe(annas + " Given");
    }

    [Fact]
    public async Task Where_the_browser_goes_on_as_the_same_visitor_after_the_sign_out_the_answer_holds()
    {
        using var database = await Store.CreateAsync("SQLite", postgres);
        await using var site = await StartAsync(database, Required);
        var browser = new Browser(site);
        var annas = await AgreeAsync(browser, "anna");
        await browser.GoAsync("/kameleoon/test/page", "anna");

        (await browser.GoAsync("/kameleoon/test/page")).ShouldBe(annas + " Given");
    }

    [Fact]
    public async Task Who_has_not_answered_never_stands_under_another_person_s_code()
    {
        using var database = await Store.CreateAsync("SQLite", postgres);
        var browser = new Browser(null!);
        await using (var before = await StartAsync(database, Required))
        {
            browser.Site = before;
            await AgreeAsync(browser, "anna");
            await browser.GoAsync("/kameleoon/test/page", "anna");
        }

        // The session is over, and with it what was answered; the cookie is still Anna's.
        await using var site = await StartAsync(database, Required);
        browser.Site = site;
        var annas = browser.Code;

        var berts = await browser.GoAsync("/kameleoon/test/page", "bert");

        (Code(berts) == annas).ShouldBeFalse();
        browser.Code.ShouldBeNull();
        browser.Take("kameleoonVisitorCode", annas!);
        (await browser.PostAsync("/kameleoon/test/consent?given=true", "bert") == annas).ShouldBeFalse();
        (await browser.GoAsync("/kameleoon/test/page", "anna")).ShouldBe(annas + " Unknown");
    }

    [Fact]
    public async Task A_refusal_stays_with_the_browser_whoever_takes_it_over()
    {
        using var database = await Store.CreateAsync("SQLite", postgres);
        await using var site = await StartAsync(database, Required);
        var browser = new Browser(site);
        await AgreeAsync(browser, "anna");
        await browser.GoAsync("/kameleoon/test/consent?given=false", "anna");

        (await browser.GoAsync("/kameleoon/test/page", "bert")).ShouldEndWith(" Refused");
        (await site.Identity.ExportAsync("bert")).ShouldBeEmpty();
        browser.Code.ShouldBeNull();
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task Where_people_are_linked_before_they_answer_an_answer_is_still_one_person_s(bool isKnown)
    {
        using var database = await Store.CreateAsync("SQLite", postgres);
        await using var site = await StartAsync(database, WithDelivery);
        var browser = new Browser(site);
        if (isKnown)
        {
            await site.Identity.LinkAsync("bert", "berts");
        }

        var annas = await AgreeAsync(browser, "anna");
        await browser.GoAsync("/kameleoon/test/page", "anna");

        var page = await browser.GoAsync("/kameleoon/test/page", "bert");

        Answer(page).ShouldBe("Unknown");
        (Code(page) == annas).ShouldBeFalse();
        Code(page).ShouldBe(await site.Identity.FindVisitorCodeAsync("bert"));
        browser.Code.ShouldBe(Code(page));
    }

    [Fact]
    public async Task What_a_person_said_in_a_browser_before_signing_in_follows_to_their_code()
    {
        using var database = await Store.CreateAsync("SQLite", postgres);
        await using var site = await StartAsync(database, Required);
        await site.Identity.LinkAsync("anna", "annas");
        site.App.Services.GetRequiredService<IKameleoonClientFactory>().ForVisitor("annas")
            .AddData(new CustomData(5, "known"));
        var browser = new Browser(site);
        var before = Code(await browser.GoAsync("/kameleoon/test/consent?given=true"));
        await browser.PostAsync("/kameleoon/test/data?index=4&value=gold");
        await browser.PostAsync("/kameleoon/test/data?index=5&value=other");

        (await browser.GoAsync("/kameleoon/test/page", "anna")).ShouldBe("annas Given");

        (before == "annas").ShouldBeFalse();
        var known = site.App.Services.GetRequiredService<VisitorStore>().Peek("annas")!.Record.Known;
        known.CustomData.Find(4).ShouldBe(["gold"]);
        known.CustomData.Find(5).ShouldBe(["known"]);
        (await site.Identity.ExportAsync("anna")).Select(link => link.VisitorCode).ShouldBe(["annas", before]);
    }

    private static Task<IdentitySite> StartAsync(
        Store database,
        string dataFile,
        SignInPolicy signIn = SignInPolicy.AdoptLinked,
        SignOutPolicy signOut = SignOutPolicy.KeepVisitor) => IdentitySite.StartAsync(
            database.AddTo,
            options => (options.Identity.SignIn, options.Identity.SignOut) = (signIn, signOut),
            Map,
            dataFile);

    private static void Map(RouteGroupBuilder group)
    {
        var test = group.MapGroup("test").AllowAnonymous();
        test.MapGet("page", (HttpContext context, IKameleoonClient client, ConfigurationStore configuration) =>
            $"{client.GetVisitorCode()} {RequestVisitor.Of(context).ConsentUnder(configuration.DataFile!)}");
        test.MapMethods("consent", ["GET", "POST"], (IKameleoonClient client, bool given) =>
        {
            client.SetLegalConsent(given);
            return client.GetVisitorCode();
        });
        test.MapPost("data", (IKameleoonClient client, int index, string value) => client.AddData(new CustomData(index, value)));
    }

    /// <returns>The code under which the user agreed, who is linked to it.</returns>
    private static async Task<string> AgreeAsync(Browser browser, string user)
    {
        await browser.GoAsync("/kameleoon/test/consent?given=true", user);
        await browser.GoAsync("/kameleoon/test/page", user);
        var code = await browser.Site.Identity.FindVisitorCodeAsync(user);
        code.ShouldNotBeNull();
        return code;
    }

    private static string Code(string page) => page.Split(' ')[0];

    private static string Answer(string page) => page.Split(' ')[1];
}
