#pragma warning disable CA1307, CA2234 // docs/guides/test-pages.md shows this file, for projects without these rules.

using Kameleoon.Hybrid.Testing;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Mvc.Testing;

namespace MyShop.Tests;

public sealed class GreetingTests(GreetingTests.MyShopFactory site) : IClassFixture<GreetingTests.MyShopFactory>
{
    [Theory]
    [InlineData("plain", "Hello")]
    [InlineData("warm", "So good to see you")]
    public async Task The_page_shows_the_text_of_the_variation(string variation, string text)
    {
        await site.ChangeAsync(sandbox => sandbox.ForceVariation("greeting", variation));
        using var anna = site.CreateClientOf("anna");

        var page = await anna.GetStringAsync("/");

        Assert.Contains($"<h1>{text}</h1>", page);
        await site.WaitForEventAsync(sent => sent.Type is "experiment" && sent.VariationKey == variation);
    }

    [Fact]
    public Task The_page_has_the_button_in_each_variation() =>
        site.TestEachAsync(["greeting"], async (combination, client) =>
            Assert.Contains("<button>Buy</button>", await client.GetStringAsync("/")));

    public sealed class MyShopFactory : WebApplicationFactory<Program>
    {
        protected override void ConfigureWebHost(IWebHostBuilder builder) => builder
            .UseKameleoonSandbox()
            .UseSetting("Kameleoon:ExposureBy", "Server");
    }
}
