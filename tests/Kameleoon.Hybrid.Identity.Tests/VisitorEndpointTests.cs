namespace Kameleoon.Hybrid.Identity.Tests;

/// <summary>A signed-in user or application learns its visitor code, and a code of another person stays that person's.</summary>
[Collection(nameof(Databases))]
public sealed class VisitorEndpointTests(PostgreSqlServer postgres) : EndpointTests(postgres)
{
    [Fact]
    public async Task A_signed_in_user_has_a_code_which_is_made_when_first_asked_for()
    {
        var code = await Site.VisitorAsync("anna");

        code.ShouldMatch("^[a-z0-9]{16}$");
        (await Site.VisitorAsync("anna")).ShouldBe(code);
        (await Site.VisitorAsync("bert") == code).ShouldBeFalse();
    }

    [Fact]
    public async Task An_application_that_tells_its_code_keeps_it_unless_the_user_has_one()
    {
        (await SyncAsync("anna", "phone")).ShouldBe((200, "phone Linked"));
        (await SyncAsync("anna", "phone")).ShouldBe((200, "phone Known"));
        (await SyncAsync("anna", "tablet")).ShouldBe((200, "phone Merged"));
        (await Site.GoAsync("anna", "laptop")).Code.ShouldBe("phone");
    }

    [Fact]
    public async Task A_code_of_somebody_else_is_refused_and_changes_nothing()
    {
        await SyncAsync("anna", "phone");

        var (status, problem) = await Site.SendAsync(
            HttpMethod.Post, "/kameleoon/visitor/sync", "mallory", """{"visitorCode":"phone"}""");

        status.ShouldBe(409);
        problem.GetProperty("title").GetString().ShouldBe("The visitor code belongs to another user.");
        (await Site.Identity.FindVisitorCodeAsync("mallory")).ShouldBeNull();
        (await Site.VisitorAsync("anna")).ShouldBe("phone");
    }

    [Theory]
    [InlineData("""{"visitorCode":"a b"}""", 400)]
    [InlineData("""{"visitorCode":"<script>"}""", 400)]
    [InlineData("""{"visitorCode":""}""", 400)]
    [InlineData("""{"visitorCode":null}""", 400)]
    [InlineData("""{"visitorCode":7}""", 400)]
    [InlineData("""{}""", 400)]
    [InlineData("null", 400)]
    [InlineData("{", 400)]
    public async Task What_is_no_code_is_a_problem_that_says_so(string body, int expected)
    {
        var (status, problem) = await Site.SendAsync(HttpMethod.Post, "/kameleoon/visitor/sync", "anna", body);

        status.ShouldBe(expected);
        problem.GetProperty("title").GetString().ShouldNotBeNullOrEmpty();
        problem.GetProperty("detail").GetString().ShouldNotBeNullOrEmpty();
        (await Site.Identity.FindVisitorCodeAsync("anna")).ShouldBeNull();
    }

    [Fact]
    public async Task A_user_id_of_a_megabyte_is_refused_logged_once_and_breaks_no_page()
    {
        var user = new string('u', 1 << 20);

        (await Site.GoAsync(user, "browser")).Code.ShouldBe("browser");
        var (status, problem) = await Site.SendAsync(HttpMethod.Get, "/kameleoon/visitor", user);

        status.ShouldBe(400);
        problem.GetProperty("title").GetString().ShouldBe("The user id cannot be used.");
        Site.Log.Texts(603).ShouldHaveSingleItem().ShouldContain("1048576");
        await Should.ThrowAsync<ArgumentException>(async () => await Site.Identity.FindVisitorCodeAsync(user));
    }

    [Theory]
    [InlineData("\u0000")]
    [InlineData("a\nb")]
    public async Task A_user_id_with_control_characters_is_refused(string user)
    {
        (await Site.GoAsync(user, "browser")).Code.ShouldBe("browser");
        (await Site.SendAsync(HttpMethod.Get, "/kameleoon/visitor", user)).Status.ShouldBe(400);
    }

    [Fact]
    public async Task A_user_id_is_limited_by_the_bytes_that_an_index_takes()
    {
        (await Site.SendAsync(HttpMethod.Get, "/kameleoon/visitor", new string('山', 666))).Status.ShouldBe(200);
        (await Site.SendAsync(HttpMethod.Get, "/kameleoon/visitor", new string('山', 667))).Status.ShouldBe(400);
    }
}
