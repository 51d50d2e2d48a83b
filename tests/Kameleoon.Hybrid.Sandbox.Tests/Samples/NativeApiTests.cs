using System.Net;
using System.Text;
using System.Text.Json;

namespace Kameleoon.Hybrid.Sandbox.Tests;

/// <summary>The sample API as native code: it starts, decides and reports.</summary>
public sealed class NativeApiTests : IDisposable
{
    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("native");

    [Fact]
    public async Task The_native_sample_is_published_without_warnings_decides_and_reports_its_events()
    {
        var build = await NativeApi.PublishAsync(_folder.FullName);
        await using var sandbox = await SandboxSite.StartAsync(
            dataFile: await File.ReadAllTextAsync(RepositoryFolder.Of("samples/Api/kameleoon.json")));
        await using var api = await NativeApi.StartAsync(_folder.FullName, sandbox.Http.BaseAddress!);

        var shipping = JsonElement.Parse(await SendAsync(api, HttpMethod.Get, "/shipping", HttpStatusCode.OK));
        await SendAsync(api, HttpMethod.Post, "/orders", HttpStatusCode.Accepted, """{"number":"A1","total":19.9}""");
        var lines = await EventsAsync(sandbox, count: 3);

        build.ShouldNotContain("warning");
        shipping.GetProperty("visitorCode").GetString().ShouldBe("anna");
        shipping.GetProperty("variation").GetString().ShouldBeOneOf("flat", "free");
        lines.ShouldAllBe(line => line.Contains("visitorCode=anna", StringComparison.Ordinal));
        lines.ShouldContain(line => line.Contains("eventType=experiment&id=7001", StringComparison.Ordinal));
        lines.ShouldContain(line => line.Contains("eventType=experiment&id=7002", StringComparison.Ordinal));
        lines.ShouldContain(line => line.Contains("goalId=3001&revenue=19.9", StringComparison.Ordinal));
    }

    public void Dispose() => _folder.Delete(recursive: true);

    private static async Task<string> SendAsync(
        NativeApi api, HttpMethod method, string path, HttpStatusCode expected, string? json = null)
    {
        using var request = new HttpRequestMessage(method, path);
        request.Headers.Add("Cookie", "kameleoonVisitorCode=anna");
        request.Content = json is null ? null : new StringContent(json, Encoding.UTF8, "application/json");
        using var response = await api.Http.SendAsync(request);
        response.StatusCode.ShouldBe(expected);
        return await response.Content.ReadAsStringAsync();
    }

    private static async Task<string[]> EventsAsync(SandboxSite sandbox, int count)
    {
        string[] lines = [];
        await Eventually.IsTrueAsync(async () =>
        {
            lines =
            [
                .. (await sandbox.JsonAsync("control/hits")).EnumerateArray()
                    .Where(static hit => hit.GetProperty("endpoint").GetString() == "events")
                    .SelectMany(static hit => hit.GetProperty("body").GetString()!.Split('\n')),
            ];
            return lines.Length == count;
        });
        return lines;
    }
}
