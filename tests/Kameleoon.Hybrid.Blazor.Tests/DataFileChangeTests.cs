using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.DependencyInjection;

namespace Kameleoon.Hybrid.Blazor.Tests;

/// <summary>Which data file a client decides by when the configuration changes.</summary>
public sealed class DataFileChangeTests
{
    [Fact]
    public async Task A_client_that_is_kept_for_a_visitor_decides_by_the_data_file_in_force()
    {
        await using var site = await BlazorSite.StartAsync();
        var client = site.Services.GetRequiredService<IKameleoonClientFactory>().ForVisitor("someone");
        client.GetVariation("checkout").Key.ShouldBe("on");

        await site.ReplaceAsync(BlazorSite.DataFile(hasCheckout: false));

        client.GetVariation("checkout").Key.ShouldBe("off");
        client.GetVariations(onlyActive: true).Keys.ShouldBe(["style"]);
    }

    [Fact]
    public async Task A_page_keeps_its_data_file_and_its_client_follows_the_configuration_afterwards()
    {
        IKameleoonClient? kept = null;
        var change = () => Task.CompletedTask;
        await using var site = await BlazorSite.StartAsync(map: app => app.MapGet("/kept", async (IKameleoonClient client) =>
        {
            kept = client;
            var before = client.GetVariation("checkout").Key;
            await change();
            return $"{before} {client.GetVariation("checkout").Key}";
        }));
        change = () => site.ReplaceAsync(BlazorSite.DataFile(hasCheckout: false));

        var text = await site.ReadAsync("/kept");
        await site.ReadServerExposuresAsync("someone");

        text.ShouldBe("on on");
        kept!.GetVariation("checkout").Key.ShouldBe("off");
    }
}
