using System.Text.Json;
using Microsoft.Playwright;

namespace Kameleoon.Hybrid.Browser.Tests;

/// <summary>A page of a site whose name leads to this machine. To the browser it has the origin of the sandbox.</summary>
public sealed class RebindingTests(Chromium chromium) : IClassFixture<Chromium>
{
    private const string Reads = """
        ["", "live/state", "live/stream", "live/facts?visitor=victim", "live/visitor?code=victim", "live/chart?experiment=77&goal=5", "live/trust",
         "live/explain?flag=checkout&visitor=victim", "control/hits", "control/clock", "control/faults", "live/page.js", "live/page.css",
         "project.schema.json"]
        """;

    private const string Writes = """
        [["POST", "control/reset"], ["POST", "live/reset"], ["POST", "control/clock?advanceSeconds=60"], ["PUT", "control/flags/checkout"],
         ["DELETE", "control/flags"], ["PUT", "control/project"], ["DELETE", "control/project"], ["PUT", "control/faults/v3"],
         ["DELETE", "control/faults"], ["PUT", "control/stream?say=update"], ["PUT", "control/scores/kcs/victim"],
         ["POST", "visit/forget?siteCode=s"], ["POST", "map/maps?siteCode=s"], ["POST", "live/explain?flag=checkout&visitor=victim"]]
        """;

    // Each request in each form that a page can give it, and each answer as the page sees it.
    private const string Attack = $$"""
        async () => {
          const seen = [];
          const look = async (what, options) => {
            try {
              const answer = await fetch("/_kameleoon/" + what, options);
              seen.push({ what: (options?.method ?? "GET") + " " + what, status: answer.status, text: await answer.text() });
            } catch (error) {
              seen.push({ what, status: 0, text: String(error) });
            }
          };
          for (const path of {{Reads}}) {
            await look(path);
            await look(path, { headers: { "X-Kameleoon-Sandbox": "1", "X-Forwarded-Host": "localhost", "X-Original-Host": "localhost" } });
          }
          for (const [method, path] of {{Writes}}) {
            await look(path, { method });
            await look(path, { method, body: '{"victim":{"plan":"stolen"},"on":false,"default":"express"}',
              headers: { "Content-Type": "application/json", "X-Kameleoon-Sandbox": "1", "X-Forwarded-Host": "127.0.0.1" } });
            await look(path, { method, body: "victim", headers: { "Content-Type": "text/plain" } });
            await look(path, { method, body: new URLSearchParams({ victim: "stolen" }) });
          }
          return JSON.stringify(seen);
        }
        """;

    // Forms and frames show their answer in a document that the page may read.
    private const string FrameAttack = """
        async () => {
          const shown = [];
          for (const [method, path] of [["get", ""], ["get", "live/state"], ["post", "control/reset"], ["post", "live/reset"],
              ["post", "control/clock?advanceSeconds=60"], ["post", "visit/forget?siteCode=s"], ["post", "map/maps?siteCode=s"]]) {
            const frame = document.createElement("iframe");
            frame.name = "frame" + shown.length;
            document.body.appendChild(frame);
            const form = document.body.appendChild(document.createElement("form"));
            Object.assign(form, { method, action: "/_kameleoon/" + path, target: frame.name, enctype: "text/plain" });
            const loaded = new Promise(done => frame.addEventListener("load", () => frame.contentDocument?.URL !== "about:blank" && done()));
            form.submit();
            await Promise.race([loaded, new Promise(done => setTimeout(done, 20000))]);
            shown.push({ what: method + " " + path, status: 0, text: frame.contentDocument?.body?.innerText ?? "nothing readable" });
          }
          const stream = new EventSource("/_kameleoon/live/stream");
          shown.push({ what: "EventSource", status: 0, text: await new Promise(done => {
            stream.onmessage = stream.onopen = () => done("open");
            stream.onerror = () => done("closed");
          }) });
          return JSON.stringify(shown);
        }
        """;

    [Fact]
    public async Task It_reads_nothing_and_changes_nothing_and_is_told_how_to_be_allowed()
    {
        await using var site = await LiveSite.StartAsync();
        await site.ExposeAsync("victim");
        var (state, settings) = (await site.StateAsync(), await site.SettingsAsync());
        await using var visitor = await chromium.NewVisitorAsync();
        var page = await OpenAsync(visitor, site);

        var answers = await SeeAsync(page, Attack);
        var frames = await SeeAsync(page, FrameAttack);

        answers.Count.ShouldBeGreaterThan(70);
        answers.ShouldAllBe(static seen => seen.Status == 403);
        answers.Concat(frames).Where(static seen => !IsRefusal(seen.Text)).ShouldBeEmpty();
        answers.First(static seen => seen.What == "GET live/state").Text.ShouldContain("set Kameleoon:Sandbox:AllowedHosts to it");
        StateOf(await site.StateAsync()).ShouldBe(StateOf(state));
        (await site.SettingsAsync()).ShouldBe(settings);
    }

    [Fact]
    public async Task A_site_whose_host_is_allowed_reads_and_changes()
    {
        await using var site = await LiveSite.StartAsync(allowedHosts: "evil.example");
        await site.ExposeAsync("victim");
        await using var visitor = await chromium.NewVisitorAsync();
        var page = await OpenAsync(visitor, site);

        var read = await page.EvaluateAsync<string>("async () => await (await fetch('/_kameleoon/live/state')).text()");
        var changed = await page.EvaluateAsync<int>(
            "async () => (await fetch('/_kameleoon/control/reset', { method: 'POST', headers: { 'X-Kameleoon-Sandbox': '1' } })).status");

        read.ShouldContain("victim");
        changed.ShouldBe(204);
        (await site.StateAsync()).ShouldNotContain("victim");
    }

    // The browser keeps pages of the attacker's machine from machines of the local network in other ways; this one comes from
    // where the sandbox is, as it would from a cache.
    private static async Task<IPage> OpenAsync(IBrowserContext visitor, LiveSite site)
    {
        var page = await visitor.NewPageAsync();
        await page.GotoAsync($"http://evil.example:{site.Address.Port}{LiveSite.EmptyPage}");
        return page;
    }

    private static async Task<List<Seen>> SeeAsync(IPage page, string attack) =>
        JsonSerializer.Deserialize<List<Seen>>(await page.EvaluateAsync<string>(attack).WaitAsync(HangGuard.Timeout), JsonSerializerOptions.Web)!;

    private static bool IsRefusal(string text) =>
        text is "closed" || text.Contains("do not answer under", StringComparison.Ordinal)
        || text.Contains("page of another site", StringComparison.Ordinal);

    private static string StateOf(string json)
    {
        using var state = JsonDocument.Parse(json);
        return string.Join('\n', state.RootElement.EnumerateObject()
            .Where(static one => one.Name is "sandbox" or "totals" or "experiments" or "goals" or "visitors" or "flags")
            .Select(static one => one.ToString()));
    }

    private sealed record Seen(string What, int Status, string Text);
}
