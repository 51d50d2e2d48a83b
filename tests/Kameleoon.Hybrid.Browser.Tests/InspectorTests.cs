using Microsoft.Playwright;

namespace Kameleoon.Hybrid.Browser.Tests;

/// <summary>The inspector in a real browser, on a staging site where testers may see it.</summary>
public sealed class InspectorTests(InspectorPages pages, Chromium chromium) : IClassFixture<InspectorPages>, IClassFixture<Chromium>
{
    private const string Pill = "#kameleoonInspector .pill";
    private const string Panel = "#kameleoonInspector .panel";
    private const string First = "#kameleoonInspector li:first-child";

    [Theory]
    [InlineData(1280, 800)]
    [InlineData(390, 844)]
    public async Task One_tap_shows_another_variation_and_another_ends_all_overrides(int width, int height)
    {
        var page = await OpenAsync(width, height);
        var complaints = Complaints.Of(page);
        await page.ClickAsync(Pill);

        await page.ClickAsync($"{First} [data-key=off]");

        await page.WaitForFunctionAsync("() => document.querySelector('h1').textContent === 'off'");
        await Assertions.Expect(page.Locator($"{First} [aria-checked=true]")).ToHaveTextAsync("off");
        await Assertions.Expect(page.Locator("#kameleoonInspector .says")).ToHaveTextAsync("checkout shows off in this browser. It is not counted.");
        (await page.InnerTextAsync("#kameleoonInspector .active")).ShouldContain("Override until");
        await page.ClickAsync("#kameleoonInspector [data-do=clear]");
        await page.WaitForFunctionAsync("() => document.querySelector('h1').textContent === 'on'");
        (await page.Locator("#kameleoonInspector .active").CountAsync()).ShouldBe(0);
        (await page.Context.CookiesAsync()).ShouldNotContain(static cookie => cookie.Name == "kameleoonOverrides");
        complaints.ShouldBeEmpty();
    }

    [Fact]
    public async Task One_flag_can_be_decided_again_while_another_stays_overridden()
    {
        var page = await OpenAsync();
        await page.ClickAsync(Pill);
        await page.ClickAsync($"{First} [data-key=off]");
        await page.WaitForFunctionAsync("() => document.querySelector('h1').textContent === 'off'");
        await page.ClickAsync("#kameleoonInspector li:nth-child(2) [data-key=off]");
        await Assertions.Expect(page.Locator("#kameleoonInspector li.set")).ToHaveCountAsync(2);

        await page.ClickAsync($"{First} [data-do=reset]");

        await page.WaitForFunctionAsync("() => document.querySelector('h1').textContent === 'on'");
        await Assertions.Expect(page.Locator("#kameleoonInspector li.set .name")).ToHaveTextAsync("flag-1");
    }

    [Fact]
    public async Task The_keyboard_alone_opens_switches_explains_and_closes()
    {
        var page = await OpenAsync();
        await page.Keyboard.PressAsync("Tab");
        await page.Keyboard.PressAsync("Enter");
        (await FocusAsync(page)).ShouldBe("checkout on");
        (await page.EvaluateAsync<string>("getComputedStyle(kameleoonInspector.shadowRoot.activeElement).outlineStyle")).ShouldBe("solid");

        await page.Keyboard.PressAsync("ArrowDown");
        (await FocusAsync(page)).ShouldBe("flag-1 on");
        await page.Keyboard.PressAsync("ArrowUp");
        await page.Keyboard.PressAsync("ArrowLeft");
        (await FocusAsync(page)).ShouldBe("checkout off");
        (await page.InnerTextAsync("h1")).ShouldBe("on");
        await page.Keyboard.PressAsync("Enter");
        await page.WaitForFunctionAsync("() => document.querySelector('h1').textContent === 'off'");
        await page.WaitForFunctionAsync("() => kameleoonInspector.shadowRoot.activeElement?.textContent === 'off'");

        await page.Keyboard.PressAsync("Tab"); // to decide it again
        await page.Keyboard.PressAsync("Tab");
        await page.Keyboard.PressAsync("Enter");
        (await page.InnerTextAsync($"{First} .reason")).ShouldContain("An override shows \"off\" in this browser. Nothing is counted for it.");
        await page.Keyboard.PressAsync("Escape");
        (await page.IsVisibleAsync(Panel)).ShouldBeFalse();
        (await page.EvaluateAsync<string>("kameleoonInspector.shadowRoot.activeElement.className")).ShouldBe("pill");
    }

    [Theory]
    [InlineData(1280, 800)]
    [InlineData(390, 844)]
    public async Task Styles_of_the_page_change_nothing_of_it(int width, int height)
    {
        var page = await OpenAsync(width, height);
        var pill = await BoxAsync(page, Pill);
        await page.ClickAsync(Pill);
        string[] parts = [Panel, $"{First} .name", $"{First} .chip", $"{First} [data-do=why]"];
        var boxes = await Task.WhenAll(parts.Select(part => BoxAsync(page, part)));

        await page.EvaluateAsync("sessionStorage.clear()");
        await page.GotoAsync(At("/page?hostile=true"));
        (await page.EvaluateAsync<string>("getComputedStyle(document.body).fontSize")).ShouldBe("40px");

        (await BoxAsync(page, Pill)).ShouldBe(pill);
        await page.ClickAsync(Pill);
        (await Task.WhenAll(parts.Select(part => BoxAsync(page, part)))).ShouldBe(boxes);
        (await page.EvaluateAsync<string>("getComputedStyle(kameleoonInspector).opacity")).ShouldBe("1");
    }

    [Theory]
    [InlineData(1280, 800)]
    [InlineData(390, 844)]
    public async Task However_many_flags_there_are_it_covers_at_most_half_of_the_screen(int width, int height)
    {
        var page = await OpenAsync(width, height);
        await page.ClickAsync(Pill);

        var panel = await BoxAsync(page, Panel);
        panel.Height.ShouldBeLessThanOrEqualTo(height / 2f);
        (panel.X + panel.Width).ShouldBeLessThanOrEqualTo(width);
        (await page.Locator("#kameleoonInspector li").CountAsync()).ShouldBe(InspectorPages.Flags);
        (await page.EvaluateAsync<bool>("document.documentElement.scrollWidth > innerWidth")).ShouldBeFalse();

        await page.FillAsync("#kameleoonInspector .find", "flag-29");
        (await page.Locator("#kameleoonInspector li:not([hidden])").CountAsync()).ShouldBe(1);
        (await BoxAsync(page, Panel)).Height.ShouldBeLessThan(120); // one line a flag
    }

    [Theory]
    [InlineData(1280, 800, 2)]
    [InlineData(390, 844, 1)]
    public async Task It_can_be_moved_away_from_what_it_covers_and_stays_there(int width, int height, int moves)
    {
        var page = await OpenAsync(width, height);
        await page.ClickAsync(Pill);
        (await BoxAsync(page, Panel)).Y.ShouldBeGreaterThan(height / 3f);

        for (var move = 0; move < moves; move++)
        {
            await page.ClickAsync("#kameleoonInspector [data-do=move]");
        }

        (await BoxAsync(page, Panel)).Y.ShouldBeLessThan(20);
        await page.ClickAsync("#kameleoonInspector [data-do=close]");
        await page.ReloadAsync();
        var pill = await BoxAsync(page, Pill);
        pill.Y.ShouldBeLessThan(20);
        pill.Height.ShouldBeLessThanOrEqualTo(44);
    }

    [Fact]
    public async Task It_can_be_dragged_to_another_corner_without_opening()
    {
        var page = await OpenAsync();
        var pill = await BoxAsync(page, Pill);

        await page.Mouse.MoveAsync(pill.X + 20, pill.Y + 10);
        await page.Mouse.DownAsync();
        await page.Mouse.MoveAsync(200, 100, new MouseMoveOptions { Steps = 5 });
        await page.Mouse.UpAsync();

        var moved = await BoxAsync(page, Pill);
        (moved.X, moved.Y).ShouldBe((12, 12));
        (await page.IsVisibleAsync(Panel)).ShouldBeFalse();
        await page.ClickAsync(Pill);
        (await page.IsVisibleAsync(Panel)).ShouldBeTrue();
    }

    [Fact]
    public async Task A_person_who_may_not_change_variations_reads_so_and_sees_what_is_decided()
    {
        var page = await OpenAsync();
        await page.ClickAsync(Pill);
        await page.Context.ClearCookiesAsync();

        await page.ClickAsync($"{First} [data-key=off]");

        await Assertions.Expect(page.Locator("#kameleoonInspector [role=status]")).ToHaveTextAsync("You may not change variations here (401).");
        await Assertions.Expect(page.Locator($"{First} [aria-checked=true]")).ToHaveTextAsync("on");
    }

    [Fact]
    public async Task Html_that_a_script_inserted_or_an_old_browser_parsed_works_too()
    {
        var page = await OpenAsync(path: "/empty");
        var complaints = Complaints.Of(page);

        await page.EvaluateAsync(
            """
            async () => {
              const html = await (await fetch("/page")).text();
              const parsed = new DOMParser().parseFromString(html, "text/html");
              const host = document.importNode(parsed.getElementById("kameleoonInspector"), true);
              const script = document.createElement("script");
              script.nonce = "n1";
              script.textContent = parsed.querySelector("#kameleoonInspector + script").textContent;
              document.body.append(host, script);
            }
            """);
        await page.ClickAsync(Pill);

        (await BoxAsync(page, Panel)).Width.ShouldBe(420);
        await page.ClickAsync($"{First} [data-do=why]");
        (await page.InnerTextAsync($"{First} .reason")).ShouldContain("This visitor takes part in experiment 7001");
        complaints.ShouldBeEmpty();
    }

    private static async Task<string> FocusAsync(IPage page) => await page.EvaluateAsync<string>(
        "(() => { const chip = kameleoonInspector.shadowRoot.activeElement; return chip.closest('li').dataset.flag + ' ' + chip.textContent; })()");

    private static async Task<(float X, float Y, float Width, float Height)> BoxAsync(IPage page, string selector)
    {
        var box = await page.Locator(selector).First.BoundingBoxAsync();
        return (box!.X, box.Y, box.Width, box.Height);
    }

    private async Task<IPage> OpenAsync(int width = 1280, int height = 800, string path = "/page")
    {
        var visitor = await chromium.NewVisitorAsync();
        await visitor.AddCookiesAsync([new Cookie { Name = "user", Value = "tester", Url = pages.Address.ToString() }]);
        var page = await visitor.NewPageAsync();
        await page.SetViewportSizeAsync(width, height);
        await page.GotoAsync(At(path));
        return page;
    }

    private string At(string path) => new Uri(pages.Address, path).ToString();
}
