namespace Kameleoon.Hybrid.Tests;

/// <summary>A site that asks the real sandbox, over loopback and impatiently.</summary>
internal static class SandboxedSite
{
    /// <summary>A data file that says a number: the flag "checkout" is on, and "edit-N" exists.</summary>
    internal static string Edit(int number) => DataFiles.Shop.Replace(
        "\"style\"", $"\"edit-{number}\"", StringComparison.Ordinal);

    internal static Task<TestSite> StartAsync(Uri platform, Action<KameleoonOptions>? options = null) =>
        TestSite.StartAsync(
            settings =>
            {
                settings.Endpoints.Configuration = platform;
                settings.Endpoints.Stream = platform;
                settings.Endpoints.Tracking = platform;
                settings.Endpoints.Api = platform;
                settings.RefreshInterval = TimeSpan.FromSeconds(1);
                settings.RequestTimeout = TimeSpan.FromSeconds(2);
                settings.StopTimeout = TimeSpan.Zero;
                settings.Configuration.RetryDelay = TimeSpan.FromMilliseconds(20);
                settings.Configuration.ReconnectDelay = TimeSpan.FromMilliseconds(10);
                settings.Configuration.MaxReconnectDelay = TimeSpan.FromMilliseconds(50);
                settings.Resilience.Configuration.Retries = 1;
                settings.Resilience.Configuration.RetryDelay = TimeSpan.FromMilliseconds(10);
                settings.Resilience.Configuration.BreakDuration = TimeSpan.FromMilliseconds(500);
                options?.Invoke(settings);
            },
            isOnline: true);

    internal static bool Has(this TestSite site, int edit) =>
        site.Configuration.DataFile?.FindFlag($"edit-{edit}") is not null;

    /// <summary>Asks for the data file now, as an announcement does.</summary>
    internal static void Refresh(this TestSite site) => site.App.Services.GetRequiredService<RefreshSignal>().Raise();
}
