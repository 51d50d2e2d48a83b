using System.Diagnostics;

namespace Kameleoon.Hybrid.Tests;

/// <summary>What a long life leaves behind. Alone, because the whole process is measured.</summary>
[CollectionDefinition(nameof(LeakTests), DisableParallelization = true)]
[Collection(nameof(LeakTests))]
public sealed class LeakTests
{
    private const int Times = 1000;

    [Fact]
    public async Task A_thousand_refreshes_leave_nothing_behind()
    {
        await using var sandbox = await RealSandbox.StartAsync(SandboxedSite.Edit(0));
        await using var site = await SandboxedSite.StartAsync(sandbox.Address, Patiently);

        await RunAsync(Times / 10);
        await FillAsync(sandbox.Address);
        Forget(site);
        var before = Left.Behind();
        await RunAsync(Times);

        Forget(site);
        Left.Behind().ShouldNotHaveGrownSince(before);

        async Task RunAsync(int times)
        {
            for (var refresh = 0; refresh < times; refresh++)
            {
                // Every tenth is news, so that snapshots are replaced as well.
                if (refresh % 10 == 0)
                {
                    sandbox.Serve(SandboxedSite.Edit(refresh));
                }

                var done = site.Metrics.Sum("kameleoon.configuration.refreshes");
                site.Refresh();
                await Eventually.IsTrueAsync(() => site.Metrics.Sum("kameleoon.configuration.refreshes") > done);
            }
        }
    }

    [Fact]
    public async Task A_thousand_reconnects_leave_nothing_behind()
    {
        await using var sandbox = await RealSandbox.StartAsync(SandboxedSite.Edit(0));
        await using var proxy = new FaultProxy(sandbox.Address, isSecure: false);
        await using var site = await SandboxedSite.StartAsync(sandbox.Address, options =>
        {
            Patiently(options);
            options.Endpoints.Stream = proxy.Address;
            options.Configuration.Mode = ConfigurationMode.Streaming;
            options.Configuration.MaxReconnectDelay = TimeSpan.FromMilliseconds(10);
        });

        await RunAsync(Times / 10);
        await FillAsync(sandbox.Address);
        Forget(site);
        var before = Left.Behind();
        await RunAsync(Times);

        Forget(site);
        Left.Behind().ShouldNotHaveGrownSince(before);

        async Task RunAsync(int times)
        {
            for (var cut = 0; cut < times; cut++)
            {
                await Eventually.IsTrueAsync(() => site.Metrics.Sum("kameleoon.configuration.streams") == 1);
                var lost = site.Metrics.Sum("kameleoon.configuration.streams.lost");
                proxy.Cut();
                await Eventually.IsTrueAsync(() => site.Metrics.Sum("kameleoon.configuration.streams.lost") > lost);
            }

            await Eventually.IsTrueAsync(() => site.Metrics.Sum("kameleoon.configuration.streams") == 1);
        }
    }

    // The test keeps every line of the log and every measurement.
    private static void Forget(TestSite site)
    {
        site.Log.Clear();
        site.Metrics.Forget();
    }

    // The sandbox remembers its last thousand requests, and runs in this process.
    private static async Task FillAsync(Uri sandbox)
    {
        using var http = new HttpClient { BaseAddress = sandbox };
        for (var request = 0; request < Times; request++)
        {
            using var response = await http.GetAsync(new Uri("ip", UriKind.Relative));
        }
    }

    private static void Patiently(KameleoonOptions options)
    {
        options.RequestTimeout = TimeSpan.FromSeconds(10);
        options.RefreshInterval = TimeSpan.FromHours(1);
    }

    private sealed record Left(int Handles, int Threads, long Bytes)
    {
        internal static Left Behind()
        {
            for (var i = 0; i < 3; i++)
            {
                GC.Collect();
                GC.WaitForPendingFinalizers();
            }

            using var process = Process.GetCurrentProcess();
            return new(process.HandleCount, process.Threads.Count, GC.GetTotalMemory(forceFullCollection: true));
        }

        // A leak of one a time would be a thousand handles or threads, and of the smallest object 24 KB; tasks,
        // connections and snapshots take kilobytes each. Pools and the runtime's own threads come and go.
        internal void ShouldNotHaveGrownSince(Left before)
        {
            Handles.ShouldBeLessThan(before.Handles + 100);
            Threads.ShouldBeLessThan(before.Threads + 20);
            Bytes.ShouldBeLessThan(before.Bytes + (1024 * 1024));
        }
    }
}
