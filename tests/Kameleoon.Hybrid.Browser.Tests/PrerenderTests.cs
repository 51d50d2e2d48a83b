using System.Diagnostics;

namespace Kameleoon.Hybrid.Browser.Tests;

/// <summary>Pages rendered ahead, in a browser nobody debugs: with a session attached it would not do so.</summary>
public sealed class PrerenderTests
{
    [Fact]
    [Spec("W4", "T-HYB-9")]
    public async Task A_page_rendered_ahead_is_reported_when_it_is_shown_and_once()
    {
        await using var pages = await TagPages.StartAsync();
        using var browser = OpenBrowser(pages, "prerender", "Aborted PRERENDER");

        var code = await WaitAsync(async () => (await EventsAsync(pages)).FirstOrDefault(IsView)?.VisitorCode);
        var events = await LiveEvents.WaitAsync(pages.Address, code, sent => sent.Type == "experiment");

        events.Where(sent => sent.Type == "experiment").ShouldHaveSingleItem().Sender.ShouldBe("engine");
        events.Count(IsView).ShouldBe(1);
        pages.Told.ShouldBe(["asked prefetch;prerender", "Aborted PRERENDER", "Started"]);
    }

    [Fact]
    [Spec("W4", "T-HYB-9")]
    public async Task A_page_rendered_ahead_and_never_shown_is_not_reported()
    {
        await using var pages = await TagPages.StartAsync();
        using var browser = OpenBrowser(pages, "prerender", "Aborted PRERENDER", shows: false);

        await WaitAsync(() => Task.FromResult(pages.Told.FirstOrDefault(told => told == "waited")));

        pages.Told.Distinct(StringComparer.Ordinal).ShouldBe(["asked prefetch;prerender", "Aborted PRERENDER", "waited"]);
        (await EventsAsync(pages)).ShouldNotContain(sent => IsView(sent) || sent.Type == "experiment");
    }

    [Fact]
    [Spec("W4")]
    public async Task A_prefetched_page_is_reported_by_the_browser_that_shows_it_and_once()
    {
        await using var pages = await TagPages.StartAsync();
        using var browser = OpenBrowser(pages, "prefetch", "asked prefetch");

        var code = await WaitAsync(async () => (await EventsAsync(pages)).FirstOrDefault(IsView)?.VisitorCode);
        var events = await LiveEvents.WaitAsync(pages.Address, code, sent => sent.Type == "experiment");

        events.Where(sent => sent.Type == "experiment").ShouldHaveSingleItem().Sender.ShouldBe("engine");
        pages.Told.ShouldBe(["asked prefetch", "Started"]);
    }

    private static bool IsView(LiveEvent sent) =>
        sent.Type == "page" && sent.Fields["href"].Contains("/page?", StringComparison.Ordinal);

    private static async Task<string> WaitAsync(Func<Task<string?>> find)
    {
        using var deadline = new CancellationTokenSource(HangGuard.Timeout);
        while (true)
        {
            if (await find() is { } found)
            {
                return found;
            }

            await Task.Delay(100, deadline.Token);
        }
    }

    private static async Task<IReadOnlyList<LiveEvent>> EventsAsync(TagPages pages) => (await LiveEvents.ReadAsync(pages.Address)).Events;

    private static OwnBrowser OpenBrowser(TagPages pages, string how, string ready, bool shows = true)
    {
        var to = Uri.EscapeDataString("/page?mode=Async&tells=true");
        return new OwnBrowser(new Uri(pages.Address, $"/speculating?how={how}&ready={Uri.EscapeDataString(ready)}&shows={shows}&to={to}"));
    }

    /// <summary>A browser with a profile of its own.</summary>
    private sealed class OwnBrowser : IDisposable
    {
        private readonly DirectoryInfo _profile = Directory.CreateTempSubdirectory("profile");
        private readonly Process _process;

        internal OwnBrowser(Uri address) => _process = Process.Start(new ProcessStartInfo("/usr/bin/chromium",
        [
            "--headless=new", "--no-sandbox", "--disable-gpu", "--disable-background-networking", "--no-first-run",
            "--remote-debugging-port=0", // without it a headless browser ends at once
            "--disable-features=Prerender2MemoryControls", // small machines render nothing ahead
            $"--user-data-dir={_profile.FullName}", address.ToString(),
        ])
        {
            UseShellExecute = false,
            RedirectStandardError = true,
            RedirectStandardOutput = true,
        })!;

        public void Dispose()
        {
            _process.Kill(entireProcessTree: true);
            _process.WaitForExit();
            _process.Dispose();
            try
            {
                _profile.Delete(recursive: true);
            }
            catch (IOException)
            {
                // A child may still be writing; the system clears temporary files.
            }
        }
    }
}
