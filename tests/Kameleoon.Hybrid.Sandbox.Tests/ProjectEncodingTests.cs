using System.Net;
using System.Text;
using System.Text.Json;
using static Kameleoon.Hybrid.Sandbox.Tests.TestData;

namespace Kameleoon.Hybrid.Sandbox.Tests;

/// <summary>Project files that an editor saved in another encoding than UTF-8.</summary>
public sealed class ProjectEncodingTests
{
    private const string Sentence = "The document is not UTF-8. Save it as UTF-8.";

    private static readonly byte[] Latin =
        Encoding.Latin1.GetBytes("{\n  \"flags\": { \"checkout\": {\n    \"variations\": { \"off\": { \"name\": \"Größe\" } } } } }");

    [Theory]
    [InlineData("{\n \"comment\": \"Größe\",\n \"flags\": {} }", 2)]
    [InlineData("{\n \"flags\": {},\n \"Größe\": 1 }", 3)]
    [InlineData("{ // Größe\n \"flags\": {} }", 1)]
    [InlineData("{ \"featureFlags\": [],\n \"name\": \"Größe\" }", 2)]
    [InlineData("{ \"flags\": {} }\n\n\u00e9", 3)]
    public void A_document_in_another_encoding_is_a_mistake_with_the_line_of_the_first_wrong_byte(string text, int line)
    {
        var mistakes = Should.Throw<ProjectException>(
            () => CompiledProject.Read(Encoding.Latin1.GetBytes(text), NoEdits, default)).Mistakes;

        mistakes.ShouldHaveSingleItem().ShouldBe(new Mistake(line, "", Sentence));
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void A_document_in_UTF_16_is_a_mistake(bool bigEndian)
    {
        var encoding = new UnicodeEncoding(bigEndian, byteOrderMark: true);
        byte[] document = [.. encoding.GetPreamble(), .. encoding.GetBytes("{ \"flags\": {} }")];

        Should.Throw<ProjectException>(() => CompiledProject.Read(document, NoEdits, default)).Message.ShouldBe($"Line 1: {Sentence}");
    }

    [Fact]
    public async Task The_last_good_project_stays_in_force_when_the_file_is_saved_in_another_encoding()
    {
        await using var site = await SandboxSite.StartAsync();
        (await site.TextAsync("v3/s")).ShouldBe(Json);
        await File.WriteAllBytesAsync(site.DataFile, Latin);

        (await site.TextAsync("v3/s")).ShouldBe(Json);
        (await site.TextAsync("engine.js?siteCode=s")).ShouldNotBeEmpty();
        (await site.StateAsync()).GetRawText().ShouldContain(Sentence);
        using var edited = await site.ControlAsync("PUT", "control/flags/checkout", """{ "enabled": false }""");
        edited.StatusCode.ShouldBe(HttpStatusCode.NoContent);
        using var visit = await site.FromEngineAsync("anna", Exposure());
        visit.StatusCode.ShouldBe(HttpStatusCode.NoContent);
        (await site.StateAsync()).GetProperty("totals").GetProperty("visitors").GetInt32().ShouldBe(1);
    }

    [Fact]
    public async Task Without_a_good_project_SDKs_get_503_with_the_line_and_events_are_still_recorded()
    {
        await using var site = await SandboxSite.StartAsync(
            dataFile: null,
            configure: builder => File.WriteAllBytes(Path.Combine(builder.Environment.ContentRootPath, "kameleoon.json"), Latin));

        using var visit = await site.FromEngineAsync("anna", Page());
        using var answer = await site.GetAsync("v3/s");

        visit.StatusCode.ShouldBe(HttpStatusCode.NoContent);
        answer.StatusCode.ShouldBe(HttpStatusCode.ServiceUnavailable);
        answer.Content.Headers.ContentType!.MediaType.ShouldBe("application/problem+json");
        var mistake = JsonElement.Parse(await answer.Content.ReadAsStringAsync()).GetProperty("mistakes")[0];
        mistake.GetProperty("line").GetInt32().ShouldBe(3);
        mistake.GetProperty("reason").GetString().ShouldBe(Sentence);
        (await site.StateAsync()).GetProperty("totals").GetProperty("visitors").GetInt32().ShouldBe(1);
    }

    [Fact]
    public async Task A_host_with_stored_events_starts_although_its_project_is_in_another_encoding()
    {
        var folder = Directory.CreateTempSubdirectory("sandbox-events");
        try
        {
            var storage = ("Kameleoon:Sandbox:Storage", Path.Combine(folder.FullName, "events.db"));
            await using (var first = await SandboxSite.StartAsync(settings: storage))
            {
                await first.FromEngineAsync("anna", Page());
                await first.StopAsync();
            }

            await using var second = await SandboxSite.StartAsync(
                dataFile: null,
                configure: builder => File.WriteAllBytes(Path.Combine(builder.Environment.ContentRootPath, "kameleoon.json"), Latin),
                settings: storage);

            (await second.StateAsync()).GetProperty("totals").GetProperty("visitors").GetInt32().ShouldBe(1);
            await second.StopAsync();
        }
        finally
        {
            folder.Delete(recursive: true);
        }
    }

    [Fact]
    public async Task A_posted_project_in_another_encoding_is_refused_with_its_line()
    {
        await using var site = await SandboxSite.StartAsync();
        using var request = new HttpRequestMessage(HttpMethod.Put, "control/project")
        {
            Headers = { { "X-Kameleoon-Sandbox", "1" } },
            Content = new ByteArrayContent(Latin),
        };

        using var refused = await site.Http.SendAsync(request);

        refused.StatusCode.ShouldBe(HttpStatusCode.BadRequest);
        (await refused.Content.ReadAsStringAsync()).ShouldBe($"Line 3: {Sentence}");
        (await site.TextAsync("v3/s")).ShouldBe(Json);
    }
}
