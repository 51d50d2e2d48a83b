using Kameleoon.Hybrid.Sandbox;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Microsoft.Playwright;

namespace Kameleoon.Hybrid.Browser.Tests;

/// <summary>The live page shows what the application counts of an experiment, beside what the platform received.</summary>
public sealed class LiveStagesTests(Chromium chromium) : IClassFixture<Chromium>
{
    private const string Project = """
        {
          "goals": { "order": { "id": 5, "name": "Order" } },
          "flags": { "checkout": { "default": "classic", "variations": { "classic": {}, "express": {} },
            "rules": [{ "id": 11, "experiment": 77,
              "split": { "classic": { "weight": 1, "id": 700 }, "express": { "weight": 1, "id": 701 } } }] } },
        }
        """;

    [Fact]
    public async Task The_stages_of_a_variation_show_where_it_loses_its_visitors()
    {
        await using var app = await StartAsync();
        using var visitors = new HttpClient { BaseAddress = new Uri(app.Urls.First()) };
        foreach (var number in Enumerable.Range(0, 600))
        {
            using var asked = new HttpRequestMessage(HttpMethod.Get, new Uri("/", UriKind.Relative));
            asked.Headers.Add("Cookie", $"kameleoonVisitorCode=visitor{number}");
            using var answer = await visitors.SendAsync(asked);
        }

        await using var viewer = await chromium.NewVisitorAsync();
        var page = await viewer.NewPageAsync();
        var complaints = Complaints.Of(page);
        await page.GotoAsync(app.Urls.First() + "/_kameleoon/#results");
        var stages = page.Locator(".experiment .stages");

        await page.Locator(".experiment").GetByText("fewer complete responses for express than for classic").WaitForAsync();
        var complete = stages.GetByRole(AriaRole.Row, new() { Name = "Response complete" }).GetByRole(AriaRole.Cell);
        await Assertions.Expect(complete.Nth(0)).ToContainTextAsync("100%");
        await Assertions.Expect(complete.Nth(1)).ToHaveTextAsync("00%");
        complaints.ShouldBeEmpty();
    }

    [Fact]
    public async Task The_rate_over_time_shows_the_range_in_which_it_lies()
    {
        await using var site = await LiveSite.StartAsync();
        await using var viewer = await chromium.NewVisitorAsync();
        var page = await viewer.NewPageAsync();
        foreach (var number in Enumerable.Range(0, 4))
        {
            await site.ExposeAsync($"visitor{number}");
        }

        await site.ConvertAsync("visitor0", goal: 5);
        await site.OpenAsync(page, "results");
        var card = page.Locator(".experiment").First;
        await card.GetByText("Rate over time").ClickAsync();
        var plot = card.Locator(".u-over");
        var width = (await plot.BoundingBoxAsync()).ShouldNotBeNull().Width;

        // The last step has all of them, also when they came in several.
        await plot.HoverAsync(new() { Position = new() { X = width - 2, Y = 20 } });

        // Wilson's interval of one in four.
        await Assertions.Expect(card.Locator(".u-legend")).ToContainTextAsync("25%, 4.6% to 69.9%");
    }

    private static async Task<WebApplication> StartAsync()
    {
        var builder = WebApplication.CreateSlimBuilder(new WebApplicationOptions { EnvironmentName = "Development" });
        builder.Logging.ClearProviders();
        builder.Configuration["Kameleoon:Sandbox:Storage"] = "";
        builder.Services.AddKameleoonHybrid(static options => options.SiteCode = "abcde12345").UseSandbox().AddKameleoonTrust();
        var app = builder.Build();
        app.Urls.Add("http://127.0.0.1:0");
        app.UseKameleoonVisitorCode();
        app.MapKameleoonSandbox();
        app.MapGet("/", static (IKameleoonClient client) => client.GetVariation("checkout").Key == "express"
            ? Results.StatusCode(StatusCodes.Status500InternalServerError)
            : Results.Text("A page."));
        app.Services.GetRequiredService<KameleoonSandbox>().SetProject(Project);
        await app.StartAsync();
        return app;
    }
}
