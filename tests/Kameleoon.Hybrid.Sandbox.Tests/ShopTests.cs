using System.Diagnostics;
using System.Net;

namespace Kameleoon.Hybrid.Sandbox.Tests;

/// <summary>The sample shop outside Development, as a copy of it is deployed.</summary>
public sealed class ShopTests
{
    private static readonly string Program = Path.Combine(AppContext.BaseDirectory, "Shop.dll");

    [Theory]
    [InlineData("Production")]
    [InlineData("Staging")]
    public async Task Without_a_site_it_ends_with_a_sentence_that_names_the_setting_and_the_fix(string environment)
    {
        using var shop = Start(environment);

        var message = await shop.StandardError.ReadToEndAsync().WaitAsync(TimeSpan.FromMinutes(2));
        await shop.WaitForExitAsync();

        shop.ExitCode.ShouldBe(1);
        message.ShouldContain("The shop does not know its site.");
        message.ShouldContain("--Kameleoon:SiteCode=abcde12345");
        message.ShouldContain("Kameleoon__SiteCode");
        message.ShouldNotContain("   at ");
    }

    [Fact]
    public async Task With_a_site_it_has_no_sandbox_in_Production()
    {
        using var shop = Start(
            "Production", "--urls", "http://127.0.0.1:0", "--Kameleoon:SiteCode", "abcde12345",
            "--Kameleoon:Endpoints:Configuration", "http://127.0.0.1:1/", "--Kameleoon:Endpoints:Stream", "http://127.0.0.1:1/",
            "--Kameleoon:Endpoints:Tracking", "http://127.0.0.1:1/", "--Logging:LogLevel:Microsoft.Hosting.Lifetime", "Information");
        try
        {
            using var http = new HttpClient { BaseAddress = await ReadAddressAsync(shop) };
            http.DefaultRequestHeaders.Add("X-Kameleoon-Sandbox", "1");

            foreach (var path in new[] { "", "live/state", "control/hits", "control/clock", "v3/abcde12345", "visit/events", "engine.js" })
            {
                (await http.GetAsync(new Uri("/_kameleoon/" + path, UriKind.Relative))).StatusCode.ShouldBe(HttpStatusCode.NotFound, path);
            }

            foreach (var path in new[] { "control/reset", "live/reset", "control/clock?advanceSeconds=9" })
            {
                (await http.PostAsync(new Uri("/_kameleoon/" + path, UriKind.Relative), content: null))
                    .StatusCode.ShouldBe(HttpStatusCode.NotFound, path);
            }
        }
        finally
        {
            shop.Kill();
            await shop.WaitForExitAsync();
        }
    }

    private static async Task<Uri> ReadAddressAsync(Process shop)
    {
        while (await shop.StandardOutput.ReadLineAsync().WaitAsync(TimeSpan.FromMinutes(2)) is { } line)
        {
            if (line.Split("Now listening on: ") is [_, var address])
            {
                return new Uri(address);
            }
        }

        throw new InvalidOperationException("The shop did not start.");
    }

    private static Process Start(string environment, params string[] arguments) => Process.Start(
        new ProcessStartInfo("dotnet", [Program, "--environment", environment, "--contentRoot", AppContext.BaseDirectory, .. arguments])
        {
            RedirectStandardError = true,
            RedirectStandardOutput = true,
            UseShellExecute = false,
        })!;
}
