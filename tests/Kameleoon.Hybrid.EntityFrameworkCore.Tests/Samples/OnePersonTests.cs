using System.Net;
using System.Text.RegularExpressions;
using OnePerson;

namespace Kameleoon.Hybrid.EntityFrameworkCore.Tests;

/// <summary>The sample does what it is there to show.</summary>
public sealed partial class OnePersonTests : IDisposable
{
    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("one-person");

    [Fact]
    public async Task A_phone_the_back_end_and_two_browsers_of_a_person_agree()
    {
        await using var backEnd = BackEnd.Build(new WebApplicationOptions
        {
            ApplicationName = "OnePerson",
            ContentRootPath = HostProcess.Sample,
            EnvironmentName = "Development",
            Args = ["--urls", "http://127.0.0.1:0", "--ConnectionStrings:Sqlite", $"Data Source={_folder.FullName}/one.db"],
        });
        await backEnd.StartAsync();
        var address = new Uri(backEnd.Urls.First());
        using var phone = new Phone(address);
        using var screen = new StringWriter();

        await phone.UseAsync("anna", screen);
        var pages = new[] { await ShowAsync(address, "anna"), await ShowAsync(address, "anna") };
        using var otherPhone = new Phone(address);
        await otherPhone.UseAsync("anna", screen);

        screen.ToString().ShouldContain(phone.VisitorCode);
        pages.ShouldAllBe(page => page.Person == "anna" && page.Label == phone.Label && page.VisitorCode == phone.VisitorCode);
        (otherPhone.VisitorCode, otherPhone.Label, otherPhone.Fee).ShouldBe((phone.VisitorCode, phone.Label, phone.Fee));
    }

    [Fact]
    public async Task One_command_starts_the_back_end_and_lets_a_phone_use_it()
    {
        using var database = await Store.CreateAsync("SQLite", null!);
        await using var server = await HostProcess.StartAsync(database, phone: true);

        await Eventually.IsTrueAsync(() => server.Lines.Any(line => line.StartsWith("Now sign in as anna at ", StringComparison.Ordinal)));

        server.Lines.ShouldContain(line => line.Contains("and something is bought", StringComparison.Ordinal));
        var code = await server.VisitorAsync(await server.SignInAsync("anna"));
        server.Lines.ShouldContain(line => line.Contains($"visitor {code}", StringComparison.Ordinal));
    }

    public void Dispose()
    {
        Microsoft.Data.Sqlite.SqliteConnection.ClearAllPools();
        _folder.Delete(recursive: true);
    }

    private static async Task<(string Person, string Label, string VisitorCode)> ShowAsync(Uri address, string name)
    {
        var jar = new CookieContainer();
        using var browser = new HttpClient(new SocketsHttpHandler { CookieContainer = jar }) { BaseAddress = address };
        (await browser.GetStringAsync(address)).ShouldContain("nobody");
        var before = jar.GetCookies(address)["kameleoonVisitorCode"]!.Value;

        var page = await browser.GetStringAsync(new Uri(address, "/sign-in?name=" + name));

        var code = jar.GetCookies(address)["kameleoonVisitorCode"]!.Value;
        code.ShouldNotBe(before, StringComparer.Ordinal);
        page.ShouldContain($"\"Visitor.setVisitorCode\",\"{code}\"");
        return (Person.Match(page).Groups["text"].Value, WebUtility.HtmlDecode(Label.Match(page).Groups["text"].Value), code);
    }

    [GeneratedRegex("data-testid=\"person\">(?<text>[^<]*)<", RegexOptions.ExplicitCapture | RegexOptions.NonBacktracking)]
    private static partial Regex Person { get; }

    [GeneratedRegex("data-testid=\"buy\"[^>]*>(?<text>[^<]*)<", RegexOptions.ExplicitCapture | RegexOptions.NonBacktracking)]
    private static partial Regex Label { get; }
}
