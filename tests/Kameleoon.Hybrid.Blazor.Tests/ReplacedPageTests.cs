using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;

namespace Kameleoon.Hybrid.Blazor.Tests;

/// <summary>The server reports what a component decided for a page that another response replaces.</summary>
public sealed class ReplacedPageTests
{
    /// <summary>The page, what replaces it, and whether that comes before the visitor's middleware.</summary>
    public static TheoryData<string, string, bool> Replaced()
    {
        var data = new TheoryData<string, string, bool>();
        foreach (var isFirst in new[] { true, false })
        {
            data.Add("/fails", "json", isFirst);
            data.Add("/fails", "html", isFirst);
            data.Add("/fails", "html 404", isFirst);
            data.Add("/fails", "template", isFirst);
            foreach (var page in new[] { "/missing", "/missing?AtOnce=true", "/missing?named", "/missing?named&AtOnce=true" })
            {
                data.Add(page, "text", isFirst);
                data.Add(page, "static page", isFirst);
                data.Add(page, "template", isFirst);
            }
        }

        return data;
    }

    [Theory]
    [MemberData(nameof(Replaced))]
    public async Task What_a_replaced_page_decided_is_reported_once(string path, string replacement, bool isFirst)
    {
        Action<WebApplication> use = app => Use(app, replacement);
        await using var site = await BlazorSite.StartAsync(
            map: app => app.MapGet("/static", () => Results.Content("<p>Sorry.", "text/html")),
            before: isFirst ? use : null,
            behind: isFirst ? null : use);

        using var replaced = await site.SendAsync(HttpMethod.Get, path, "someone");
        var body = await replaced.Content.ReadAsStringAsync();
        var byEngine = body.Split("'Experiments.trigger',7001").Length - 1;
        var byServer = await site.ReadServerExposuresAsync("someone");

        ((int)replaced.StatusCode).ShouldBeGreaterThanOrEqualTo(400);
        byServer.ShouldAllBe(static exposure => exposure == "7001/81001");
        (byEngine + byServer.Length).ShouldBe(1, body);
    }

    /// <remarks>Without an error page, the framework sends nothing of a page that says that it is not found.</remarks>
    [Theory]
    [InlineData(403, true)]
    [InlineData(404, false)]
    [InlineData(410, true)]
    [InlineData(503, true)]
    public async Task A_page_that_sets_a_status_of_its_own_is_reported_once(int status, bool isSent)
    {
        await using var site = await BlazorSite.StartAsync();

        using var response = await site.SendAsync(HttpMethod.Get, $"/gone?Status={status}", "someone");
        var body = await response.Content.ReadAsStringAsync();

        ((int)response.StatusCode).ShouldBe(status);
        body.Contains("'Experiments.trigger',7001", StringComparison.Ordinal).ShouldBe(isSent);
        (await site.ReadServerExposuresAsync("someone")).ShouldBe(isSent ? [] : ["7001/81001"]);
    }

    private static void Use(WebApplication app, string replacement)
    {
        switch (replacement)
        {
            case "text":
                app.UseStatusCodePages();
                break;
            case "static page":
                app.UseStatusCodePagesWithReExecute("/static");
                break;
            case "template":
                app.UseExceptionHandler("/Error", createScopeForErrors: true);
                app.UseStatusCodePagesWithReExecute("/not-found", createScopeForStatusCodePages: true);
                break;
            default:
                app.Use((context, next) => CatchAsync(context, next, replacement));
                break;
        }
    }

    private static async Task CatchAsync(HttpContext context, RequestDelegate next, string replacement)
    {
        try
        {
            await next(context);
        }
        catch (InvalidOperationException)
        {
            context.Response.StatusCode = replacement == "html 404" ? StatusCodes.Status404NotFound : StatusCodes.Status500InternalServerError;
            context.Response.ContentType = replacement == "json" ? "application/problem+json" : "text/html";
            await context.Response.WriteAsync(replacement == "json" ? "{}" : "<p>Sorry.");
        }
    }
}
