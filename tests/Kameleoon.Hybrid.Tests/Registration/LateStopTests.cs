using Microsoft.Extensions.Hosting;

namespace Kameleoon.Hybrid.Tests;

/// <summary>The factory of tests stops an application while the application's own thread disposes it.</summary>
public sealed class LateStopTests
{
    [Fact]
    public async Task Services_that_are_stopped_after_their_disposal_stop_without_an_error()
    {
        var site = await TestSite.StartAsync();
        var services = site.App.Services.GetServices<IHostedService>()
            .Where(static service => service.GetType().Assembly == typeof(IKameleoonClient).Assembly).ToList();
        site.App.Services.GetRequiredService<IKameleoonClientFactory>().ForVisitor("anna").TrackConversion(5);
        await site.DisposeAsync();

        foreach (var service in services)
        {
            await service.StopAsync(CancellationToken.None).WaitAsync(HangGuard.Timeout);
        }

        foreach (var service in services.OfType<IHostedLifecycleService>())
        {
            await service.StoppedAsync(CancellationToken.None).WaitAsync(HangGuard.Timeout);
        }

        services.Count.ShouldBeGreaterThan(5);
    }
}
