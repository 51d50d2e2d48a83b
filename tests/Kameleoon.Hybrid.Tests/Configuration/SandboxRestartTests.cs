using System.Diagnostics;
using System.Globalization;

namespace Kameleoon.Hybrid.Tests;

/// <summary>The sandbox dies and comes back, edited, while pages are asked for all the time.</summary>
public sealed class SandboxRestartTests
{
    [Theory]
    [InlineData(ConfigurationMode.Polling)]
    [InlineData(ConfigurationMode.Streaming)]
    public async Task Fifty_restarts_under_load_fail_no_page_and_the_last_edit_is_in_force(ConfigurationMode mode)
    {
        await using var sandbox = await RealSandbox.StartAsync(SandboxedSite.Edit(0));
        await using var site = await SandboxedSite.StartAsync(
            sandbox.Address, options => options.Configuration.Mode = mode);
        await Eventually.IsTrueAsync(() => site.Has(edit: 0));
        await using var load = Load.On(site);

        for (var restart = 1; restart <= 50; restart++)
        {
            await sandbox.DownAsync();
            sandbox.Serve(SandboxedSite.Edit(restart));
            await sandbox.UpAsync();
        }

        await Eventually.IsTrueAsync(() => site.Has(edit: 50));
        (await load.StopAsync()).ShouldBeGreaterThan(10);
    }

    [Fact]
    public async Task A_sandbox_process_that_is_killed_three_times_fails_no_page_and_its_last_edit_is_in_force()
    {
        await using var files = await RealSandbox.StartAsync(SandboxedSite.Edit(0));
        await files.DownAsync();
        var sandbox = Run(files);
        try
        {
            await using var site = await SandboxedSite.StartAsync(
                files.Address, options => options.Configuration.Mode = ConfigurationMode.Streaming);
            await Eventually.IsTrueAsync(() => site.Has(edit: 0));
            await using var load = Load.On(site);

            for (var kill = 1; kill <= 3; kill++)
            {
                await KillAsync(sandbox);
                files.Serve(SandboxedSite.Edit(kill));
                sandbox = Run(files);
                await Eventually.IsTrueAsync(() => site.Has(kill), () => string.Join('\n', site.Log.Texts().TakeLast(10)));
            }

            await load.StopAsync();
        }
        finally
        {
            await KillAsync(sandbox);
        }
    }

    private static async Task KillAsync(Process sandbox)
    {
        sandbox.Kill();
        await sandbox.WaitForExitAsync();
        sandbox.Dispose();
    }

    private static Process Run(RealSandbox files) => Process.Start(new ProcessStartInfo("dotnet", string.Create(
        CultureInfo.InvariantCulture,
        $"kameleoon-sandbox.dll --port {files.Address.Port} --project {files.DataFile}"))
    {
        WorkingDirectory = AppContext.BaseDirectory,
        UseShellExecute = false,
        RedirectStandardOutput = true,
        RedirectStandardError = true,
    })!;

    /// <summary>Four visitors who ask for one page after the other, each of which must be right.</summary>
    private sealed class Load : IAsyncDisposable
    {
        private readonly CancellationTokenSource _stopping = new();
        private readonly Task<int>[] _visitors;

        private Load(TestSite site) =>
            _visitors = [.. Enumerable.Range(0, 4).Select(_ => Task.Run(() => VisitAsync(site)))];

        internal static Load On(TestSite site) => new(site);

        /// <returns>How many pages were answered.</returns>
        internal async Task<int> StopAsync()
        {
            await _stopping.CancelAsync();
            return (await Task.WhenAll(_visitors)).Sum();
        }

        public async ValueTask DisposeAsync()
        {
            await _stopping.CancelAsync();
            await ((Task)Task.WhenAll(_visitors)).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            _stopping.Dispose();
        }

        private async Task<int> VisitAsync(TestSite site)
        {
            var pages = 0;
            while (!_stopping.IsCancellationRequested)
            {
                (await site.ReadAsync("/decide/checkout")).ShouldBe("on");
                pages++;
                await Task.Delay(5);
            }

            return pages;
        }
    }
}
