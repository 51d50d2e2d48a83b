using Microsoft.Playwright;

namespace Kameleoon.Hybrid.Browser.Tests;

/// <summary>What somebody does on the live page survives what arrives meanwhile.</summary>
public sealed class LiveViewTests(Chromium chromium) : IClassFixture<Chromium>
{
    // Whoever draws a chart anew without ending the old one leaves its listeners on the window.
    private const string CountListeners =
        """
        window.listening = 0;
        for (const [name, step] of [["addEventListener", 1], ["removeEventListener", -1]]) {
          const before = window[name];
          window[name] = function (...values) {
            if (this === window) { window.listening += step; }
            return before.apply(this, values);
          };
        }
        """;

    [Fact]
    public async Task Rates_over_time_stay_open_and_drawn_while_events_arrive()
    {
        await using var site = await LiveSite.StartAsync();
        await using var visitor = await chromium.NewVisitorAsync();
        var page = await visitor.NewPageAsync();
        await page.AddInitScriptAsync(CountListeners);
        var complaints = Complaints.Of(page);
        await site.ExposeAsync("anna");
        await site.ConvertAsync("anna", goal: 5);
        await site.OpenAsync(page, "results");
        var card = page.Locator(".experiment").First;
        await card.GetByText("Rate over time").ClickAsync();
        await card.Locator(".uplot").WaitForAsync();
        await page.EvaluateAsync("() => { window.drawn = document.querySelector('.experiment .uplot'); window.first = window.listening; }");

        foreach (var count in Enumerable.Range(2, 4))
        {
            await site.ExposeAsync($"visitor{count}");
            await card.GetByText($"{count} visitors").WaitForAsync();
        }

        (await page.EvaluateAsync<bool>("window.drawn.isConnected && document.activeElement.matches('summary')")).ShouldBeTrue();
        (await page.EvaluateAsync<int>("window.listening - window.first")).ShouldBe(0);
        (await page.Locator(".experiment .uplot").CountAsync()).ShouldBe(1);
        complaints.ShouldBeEmpty();
    }

    [Fact]
    public async Task Results_say_what_is_so_and_show_first_what_is_odd()
    {
        await using var site = await LiveSite.StartAsync();
        await using var visitor = await chromium.NewVisitorAsync();
        var page = await visitor.NewPageAsync();
        await site.ExposeAsync("anna");
        await site.ExposeAsync("anna");
        foreach (var other in Enumerable.Range(1, 40))
        {
            await site.ExposeAsync($"visitor{other}", variation: 710, experiment: 78);
        }

        await site.OpenAsync(page, "results");
        var experiments = page.Locator("#experiments > article");
        await experiments.Nth(3).WaitForAsync();

        (await experiments.First.TextContentAsync())!.ShouldContain("Visitors are not spread as the weights ask for");
        (await experiments.First.TextContentAsync())!.ShouldContain("100%, expected 50%");
        (await experiments.Nth(1).TextContentAsync())!.ShouldContain("decided by the server, 1 visitor, no. 77");
        (await experiments.Nth(2).TextContentAsync()).ShouldBe("bannerdelivered to 50% of all, no visitors yet, no. 79");
        (await experiments.Nth(3).TextContentAsync()).ShouldBe("footerdelivered to all, flag is off, no visitors yet, no. 80");
        (await page.TextContentAsync("#exposures")).ShouldBe("41");
        (await page.TextContentAsync("#repeated")).ShouldBe("and 1 repeated");
    }

    [Fact]
    public async Task Another_goal_is_shown_at_once_and_the_choice_keeps_the_focus()
    {
        await using var site = await LiveSite.StartAsync();
        await using var visitor = await chromium.NewVisitorAsync();
        var page = await visitor.NewPageAsync();
        await site.ExposeAsync("anna");
        await site.ConvertAsync("anna", goal: 6);
        await site.OpenAsync(page, "results");
        var card = page.Locator(".experiment").First;
        var goal = card.GetByLabel("Goal");
        await goal.FocusAsync();

        await goal.SelectOptionAsync("Basket");

        await card.GetByText("100%", new LocatorGetByTextOptions { Exact = true }).First.WaitForAsync();
        (await page.EvaluateAsync<string>("document.activeElement.dataset.focus")).ShouldBe("goal-77");
        await site.ExposeAsync("bert");
        await card.GetByText("2 visitors").WaitForAsync();
        (await goal.InputValueAsync()).ShouldBe("6");
        (await page.EvaluateAsync<string>("document.activeElement.dataset.focus")).ShouldBe("goal-77");
    }

    [Fact]
    public async Task Changes_of_two_rules_made_in_a_row_are_both_in_force()
    {
        await using var site = await LiveSite.StartAsync();
        await using var visitor = await chromium.NewVisitorAsync();
        var page = await visitor.NewPageAsync();
        await site.OpenAsync(page, "flags");

        await page.GetByLabel("Traffic in percent, rule 1 of checkout").FillAsync("50");
        await page.GetByLabel("Traffic in percent, rule 2 of checkout").FillAsync("40");
        await page.GetByLabel("Visitor code to force checkout for").FillAsync("anna");
        await page.GetByLabel("Visitor code to force checkout for").PressAsync("Enter");
        await page.GetByText("for anna").WaitForAsync();

        var state = await site.StateAsync();
        state.ShouldContain("\"traffic\":0.5,");
        state.ShouldContain("\"traffic\":0.4,");
    }

    [Fact]
    public async Task A_slow_story_does_not_take_the_place_of_the_one_chosen_after_it()
    {
        await using var site = await LiveSite.StartAsync();
        await using var visitor = await chromium.NewVisitorAsync();
        var page = await visitor.NewPageAsync();
        var second = new TaskCompletionSource();
        await site.ExposeAsync("anna");
        await site.ExposeAsync("bert");
        await page.RouteAsync("**/live/visitor?code=anna", async route =>
        {
            await second.Task;
            await route.ContinueAsync();
        });
        await site.OpenAsync(page, "visitors/anna");

        await page.Locator("#visitor-list a[data-code=bert]").ClickAsync();
        var title = page.Locator("#story h3");
        await title.WaitForAsync();
        var late = page.WaitForResponseAsync("**/live/visitor?code=anna");
        second.SetResult();
        await (await late).FinishedAsync();
        await page.EvaluateAsync("() => new Promise(requestAnimationFrame)");

        (await title.TextContentAsync()).ShouldBe("bert");
    }

    [Fact]
    public async Task What_is_open_in_a_story_stays_open_when_the_story_goes_on()
    {
        await using var site = await LiveSite.StartAsync();
        await using var visitor = await chromium.NewVisitorAsync();
        var page = await visitor.NewPageAsync();
        await site.ExposeAsync("anna");
        await site.OpenAsync(page, "visitors/anna");
        var story = page.Locator("#story");
        await story.Locator("summary").First.ClickAsync();

        await site.ConvertAsync("anna", goal: 5);
        await story.GetByText("Reached Order").WaitForAsync();

        (await story.Locator("details[open]").CountAsync()).ShouldBe(1);
        (await page.EvaluateAsync<bool>("document.activeElement.matches('summary')")).ShouldBeTrue();
    }
}
