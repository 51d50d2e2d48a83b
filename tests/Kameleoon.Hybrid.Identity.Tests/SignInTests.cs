namespace Kameleoon.Hybrid.Identity.Tests;

/// <summary>Which code a browser has before, during and after its user is signed in.</summary>
[Collection(nameof(Databases))]
public sealed class SignInTests(PostgreSqlServer postgres)
{
    [Fact]
    public async Task A_browser_s_code_becomes_its_user_s_and_stays()
    {
        using var database = await Store.CreateAsync("SQLite", postgres);
        await using var site = await IdentitySite.StartAsync(database.AddTo);

        (await site.GoAsync("anna", "first")).Code.ShouldBe("first");

        (await site.Identity.FindVisitorCodeAsync("anna")).ShouldBe("first");
        (await site.GoAsync(code: "first")).Code.ShouldBe("first");
    }

    [Fact]
    public async Task A_known_user_s_code_replaces_the_browser_s_which_stands_in_the_history()
    {
        using var database = await Store.CreateAsync("SQLite", postgres);
        await using var site = await IdentitySite.StartAsync(database.AddTo);
        await site.GoAsync("anna", "first");

        var second = await site.GoAsync("anna", "second");

        second.Code.ShouldBe("first");
        second.Cookies.ShouldContain("kameleoonVisitorCode=first;");
        (await site.GoAsync("anna")).Code.ShouldBe("first");
        (await site.Identity.ExportAsync("anna"))[1].ShouldSatisfyAllConditions(
            merged => merged.VisitorCode.ShouldBe("second"), merged => merged.MergedInto.ShouldBe("first"));
    }

    [Fact]
    public async Task A_browser_keeps_its_cookie_until_the_history_knows_its_code()
    {
        using var database = await Store.CreateAsync("SQLite", postgres);
        await using var site = await IdentitySite.StartAsync(database.AddTo);
        await site.GoAsync("anna", "first");
        await database.ExecuteAsync(
            "CREATE TRIGGER refuse BEFORE INSERT ON kameleoon_visitor_links BEGIN SELECT RAISE(ABORT, 'refused'); END");

        (await site.GoAsync("anna", "second")).ShouldSatisfyAllConditions(
            page => page.Code.ShouldBe("second"), page => page.Cookies.ShouldNotContain("kameleoonVisitorCode=first"));
        await database.ExecuteAsync("DROP TRIGGER refuse");

        (await site.GoAsync("anna", "second")).Code.ShouldBe("first");
        (await site.Identity.ExportAsync("anna")).Select(link => link.VisitorCode).ShouldBe(["first", "second"]);
    }

    [Fact]
    public async Task What_a_page_fetches_keeps_the_code_the_page_was_made_for()
    {
        using var database = await Store.CreateAsync("SQLite", postgres);
        await using var site = await IdentitySite.StartAsync(database.AddTo);
        await site.GoAsync("anna", "first");

        (await site.GoAsync("anna", "second", destination: "empty")).ShouldSatisfyAllConditions(
            fetched => fetched.Code.ShouldBe("second"), fetched => fetched.Cookies.ShouldBeEmpty());
        (await site.GoAsync("anna", "second")).Code.ShouldBe("first");
    }

    [Fact]
    public async Task Where_browsers_keep_their_codes_only_those_without_one_get_the_user_s()
    {
        using var database = await Store.CreateAsync("SQLite", postgres);
        await using var site = await IdentitySite.StartAsync(
            database.AddTo, options => options.Identity.SignIn = SignInPolicy.KeepBrowser);
        await site.GoAsync("anna", "first");

        (await site.GoAsync("anna", "second")).Code.ShouldBe("second");
        (await site.GoAsync("anna", "second")).Code.ShouldBe("second");
        (await site.GoAsync("anna")).Code.ShouldBe("first");
        (await site.VisitorAsync("anna")).ShouldBe("first");
        (await site.Identity.ExportAsync("anna")).Select(link => link.VisitorCode).ShouldBe(["first", "second"]);
    }

    [Fact]
    public async Task Where_links_are_only_written_pages_never_change_their_code()
    {
        using var database = await Store.CreateAsync("SQLite", postgres);
        await using var site = await IdentitySite.StartAsync(
            database.AddTo, options => options.Identity.SignIn = SignInPolicy.LinkOnly);
        await site.GoAsync("anna", "first");

        (await site.GoAsync("anna", "second")).Code.ShouldBe("second");
        (await site.GoAsync("anna")).Code.ShouldMatch("^[a-z0-9]{16}$");
        (await site.VisitorAsync("anna")).ShouldBe("first");
    }

    [Theory]
    [InlineData(SignInPolicy.AdoptLinked)]
    [InlineData(SignInPolicy.KeepBrowser)]
    public async Task Who_signs_in_on_another_person_s_device_does_not_get_that_person_s_code(SignInPolicy policy)
    {
        using var database = await Store.CreateAsync("SQLite", postgres);
        await using var site = await IdentitySite.StartAsync(database.AddTo, options => options.Identity.SignIn = policy);
        await site.GoAsync("anna", "shared");

        var stranger = await site.GoAsync("bert", "shared");
        await site.GoAsync("carl", "carls");
        var known = await site.GoAsync("carl", "shared");

        stranger.Code.ShouldMatch("^[a-z0-9]{16}$");
        stranger.Cookies.ShouldContain($"kameleoonVisitorCode={stranger.Code};");
        (await site.Identity.FindVisitorCodeAsync("bert")).ShouldBe(stranger.Code);
        known.Code.ShouldBe("carls");
        (await site.Identity.ExportAsync("anna")).ShouldHaveSingleItem().VisitorCode.ShouldBe("shared");
    }

    [Theory]
    [InlineData(SignInPolicy.AdoptLinked, "empty")]
    [InlineData(SignInPolicy.KeepBrowser, "empty")]
    [InlineData(SignInPolicy.LinkOnly, "empty")]
    [InlineData(SignInPolicy.LinkOnly, "document")]
    public async Task Nothing_is_decided_for_a_user_under_a_code_that_is_another_person_s(SignInPolicy policy, string destination)
    {
        using var database = await Store.CreateAsync("SQLite", postgres);
        await using var site = await IdentitySite.StartAsync(database.AddTo, options => options.Identity.SignIn = policy);
        await site.GoAsync("anna", "shared");
        await site.GoAsync("carl", "carls");

        var stranger = (await site.GoAsync("bert", "shared", destination)).Code;

        stranger.ShouldMatch("^[a-z0-9]{16}$");
        (await site.GoAsync("bert", "shared", destination)).Code.ShouldBe(stranger);
        (await site.VisitorAsync("bert")).ShouldBe(stranger);
        (await site.GoAsync("carl", "shared", destination)).Code.ShouldBe("carls");
        (await site.GoAsync("anna", "shared", destination)).Code.ShouldBe("shared");
    }

    [Fact]
    public async Task A_page_that_adopted_its_user_s_code_does_not_make_the_browser_s_theirs()
    {
        using var database = await Store.CreateAsync("SQLite", postgres);
        await using var site = await IdentitySite.StartAsync(database.AddTo);
        await site.GoAsync("anna", "shared");
        await site.GoAsync("carl", "carls");

        (await site.GoAsync("carl", "shared")).Code.ShouldBe("carls");
        (await site.GoAsync("carl", "shared", destination: "empty")).Code.ShouldBe("carls");
    }

    [Fact]
    public async Task After_the_sign_out_the_browser_goes_on_as_the_same_visitor()
    {
        using var database = await Store.CreateAsync("SQLite", postgres);
        await using var site = await IdentitySite.StartAsync(database.AddTo);
        var signedIn = await site.GoAsync("anna", "first");

        (await site.GoAsync(code: "first")).Code.ShouldBe("first");
        signedIn.Cookies.ShouldNotContain("kameleoonVisitorCodeUser=1");
    }

    [Fact]
    public async Task On_a_shared_device_the_next_page_after_the_sign_out_is_another_visitor_s()
    {
        const string Marker = "kameleoonVisitorCodeUser=1";
        using var database = await Store.CreateAsync("SQLite", postgres);
        await using var site = await IdentitySite.StartAsync(
            database.AddTo, options => options.Identity.SignOut = SignOutPolicy.NewVisitor);
        (await site.GoAsync("anna", "first")).Cookies.ShouldContain(Marker);
        (await site.GoAsync("anna", "first", otherCookies: Marker)).Cookies.ShouldNotContain(Marker);

        (await site.GoAsync(code: "first", destination: "empty", otherCookies: Marker)).Code.ShouldBe("first");
        var after = await site.GoAsync(code: "first", otherCookies: Marker);

        after.Code.ShouldMatch("^[a-z0-9]{16}$");
        after.Cookies.ShouldContain($"kameleoonVisitorCode={after.Code};");
        after.Cookies.ShouldContain("kameleoonVisitorCodeUser=;");
        (await site.GoAsync(code: "first")).Code.ShouldBe("first");
    }

    [Fact]
    public async Task Five_devices_that_sign_in_at_once_end_with_one_code()
    {
        using var database = await Store.CreateAsync("SQLite", postgres);
        await using var site = await IdentitySite.StartAsync(database.AddTo);

        var pages = await Task.WhenAll(Enumerable.Range(0, 5).Select(device => site.GoAsync("anna", $"device{device}")));

        var code = pages.Select(page => page.Code).Distinct(StringComparer.Ordinal).ShouldHaveSingleItem();
        (await site.Identity.FindVisitorCodeAsync("anna")).ShouldBe(code);
    }

    [Fact]
    public async Task Nobody_is_linked_before_agreeing_where_that_is_required_and_the_answer_follows_the_person()
    {
        using var database = await Store.CreateAsync("SQLite", postgres);
        await using var site = await IdentitySite.StartAsync(
            database.AddTo,
            dataFile: IdentitySite.Experiments.Replace("NOT_REQUIRED", "REQUIRED", StringComparison.Ordinal));
        var clients = site.App.Services.GetRequiredService<IKameleoonClientFactory>();

        await site.GoAsync("anna", "first");
        (await site.Identity.FindVisitorCodeAsync("anna")).ShouldBeNull();
        clients.ForVisitor("first").SetLegalConsent(true);
        await site.GoAsync("anna", "first");
        clients.ForVisitor("second").SetLegalConsent(true);

        (await site.Identity.LinkAsync("anna", "third")).VisitorCode.ShouldBe("first");
        (await site.GoAsync("anna", "second")).Code.ShouldBe("first");
        (await site.GoAsync("anna", "second")).Cookies.ShouldContain("kameleoonVisitorCode=first;");
    }

    [Fact]
    public async Task The_platform_is_told_who_a_person_is_by_what_the_store_knows_not_by_the_user_id()
    {
        using var database = await Store.CreateAsync("SQLite", postgres);
        await using var site = await IdentitySite.StartAsync(database.AddTo);

        await site.GoAsync("anna", "first");

        var told = site.App.Services.GetRequiredService<VisitorStore>().Find("first")!.Record.Known.CustomData.Find(7);
        told.ShouldHaveSingleItem().ShouldMatch("^[A-Za-z0-9_-]{43}$");
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task The_platform_is_told_that_a_code_and_the_one_it_was_merged_into_are_one_person(bool byEndpoint)
    {
        using var database = await Store.CreateAsync("SQLite", postgres);
        await using (var before = await IdentitySite.StartAsync(database.AddTo))
        {
            await before.Identity.LinkAsync("anna", "first");
        }

        await using var site = await IdentitySite.StartAsync(database.AddTo);
        var visitors = site.App.Services.GetRequiredService<VisitorStore>();

        if (byEndpoint)
        {
            await site.SendAsync(HttpMethod.Post, "/kameleoon/visitor/sync", "anna", """{"visitorCode":"phone"}""");
        }
        else
        {
            await site.Identity.LinkAsync("anna", "phone");
        }

        await site.Identity.LinkAsync("mallory", "phone");
        var phones = visitors.Find("phone")!.Record.Known.CustomData.Find(7).ShouldHaveSingleItem();
        visitors.Find("first")!.Record.Known.CustomData.Find(7).ShouldBe([phones]);
    }

    [Fact]
    public async Task Another_person_s_device_is_not_told_to_be_this_person_s()
    {
        using var database = await Store.CreateAsync("SQLite", postgres);
        await using var site = await IdentitySite.StartAsync(database.AddTo);
        var visitors = site.App.Services.GetRequiredService<VisitorStore>();
        await site.GoAsync("anna", "shared");
        await site.GoAsync("bert", "berts");
        var annas = visitors.Find("shared")!.Record.Known.CustomData.Find(7);

        await site.GoAsync("bert", "shared");
        await Eventually.IsTrueAsync(() => site.App.Services.GetRequiredService<DeferredLinks>().Count == 0);

        visitors.Find("shared")!.Record.Known.CustomData.Find(7).ShouldBe(annas);
    }

    [Theory]
    [InlineData(SignInPolicy.AdoptLinked)]
    [InlineData(SignInPolicy.KeepBrowser)]
    public async Task A_code_in_a_link_of_another_site_does_not_become_the_user_s(SignInPolicy policy)
    {
        using var database = await Store.CreateAsync("SQLite", postgres);
        await using var site = await IdentitySite.StartAsync(database.AddTo, options =>
            (options.Identity.SignIn, options.QueryParameter) = (policy, QueryParameterPolicy.Always));

        var page = await site.GoAsync("anna", path: "/code?kameleoonVisitorCode=forged", site: "cross-site");
        await site.GoAsync("anna", page.Code);

        page.Code.ShouldMatch("^[a-z0-9]{16}$");
        (await site.Identity.ExportAsync("anna")).ShouldHaveSingleItem().VisitorCode.ShouldBe(page.Code);
        (await site.GoAsync(path: "/code?kameleoonVisitorCode=given", site: "cross-site")).Code.ShouldBe("given");
        (await site.GoAsync("bert", path: "/code?kameleoonVisitorCode=berts", site: "same-site")).Code.ShouldBe("berts");
        (await site.Identity.FindVisitorCodeAsync("bert")).ShouldBe("berts");
    }

    [Theory]
    [InlineData(SignInPolicy.AdoptLinked)]
    [InlineData(SignInPolicy.KeepBrowser)]
    [InlineData(SignInPolicy.LinkOnly)]
    public async Task A_code_that_the_platform_does_not_take_becomes_nobody_s(SignInPolicy policy)
    {
        using var database = await Store.CreateAsync("SQLite", postgres);
        await using var site = await IdentitySite.StartAsync(database.AddTo, options => options.Identity.SignIn = policy);
        var (longest, longer) = (new string('a', 100), new string('b', 101));

        var page = await site.GoAsync("anna", longer);

        page.Code.ShouldMatch("^[a-z0-9]{16}$");
        (await site.VisitorAsync("anna")).ShouldBe(page.Code);
        (await site.GoAsync("anna", longer)).Code.ShouldBe(page.Code);
        (await site.Identity.ExportAsync("anna")).ShouldHaveSingleItem();
        var (_, bert) = await site.SendAsync(HttpMethod.Get, "/kameleoon/visitor", "bert", code: longer);
        bert.GetProperty("visitorCode").GetString()!.ShouldMatch("^[a-z0-9]{16}$");
        (await site.GoAsync("carl", longest)).Code.ShouldBe(longest);
        await Should.ThrowAsync<ArgumentException>(async () => await site.Identity.LinkAsync("dora", longer));
    }

    [Fact]
    public async Task The_same_id_of_two_issuers_is_two_people_where_issuers_count()
    {
        using var database = await Store.CreateAsync("SQLite", postgres);
        await using var site = await IdentitySite.StartAsync(
            database.AddTo, options => options.Identity.UserIdIncludesIssuer = true);
        await site.GoAsync("7", "ours");

        site.Http.DefaultRequestHeaders.Add(UserHeader.IssuerName, "https://login.example");
        await site.GoAsync("7", "theirs");

        (await site.Identity.FindVisitorCodeAsync("7")).ShouldBe("ours");
        (await site.Identity.FindVisitorCodeAsync("https://login.example 7")).ShouldBe("theirs");
    }
}
