namespace Kameleoon.Hybrid.Tests;

/// <summary>An edit on the platform reaches the next request that decides.</summary>
public sealed class EditTests
{
    [Theory]
    [InlineData(ConfigurationMode.Streaming, 3600, DataFileSource.Streaming)]
    [InlineData(ConfigurationMode.Polling, 1, DataFileSource.Polling)]
    public async Task An_edit_reaches_a_deciding_request(ConfigurationMode mode, int interval, DataFileSource source)
    {
        await using var sandbox = await RealSandbox.StartAsync(DataFiles.Shop);
        await using var site = await SandboxedSite.StartAsync(sandbox.Address, options =>
        {
            options.Configuration.Mode = mode;
            options.RefreshInterval = TimeSpan.FromSeconds(interval);
        });
        (await site.ReadAsync("/decide/checkout")).ShouldBe("on");
        if (mode == ConfigurationMode.Streaming)
        {
            await Eventually.IsTrueAsync(() => site.Metrics.Sum("kameleoon.configuration.streams") == 1);
        }

        sandbox.Serve(DataFiles.Shop.Replace(
            "\"environmentEnabled\": true", "\"environmentEnabled\": false", StringComparison.Ordinal));

        await Eventually.IsTrueAsync(async () => await site.ReadAsync("/decide/checkout") == "off");
        site.Configuration.Source.ShouldBe(source);
    }

    [Fact]
    public async Task The_stream_is_opened_while_the_data_file_says_that_there_is_one()
    {
        var streaming = DataFiles.Shop.Replace(
            "\"consentType\"", "\"realTimeUpdate\": true, \"consentType\"", StringComparison.Ordinal);
        await using var sandbox = await RealSandbox.StartAsync(DataFiles.Shop);
        await using var site = await SandboxedSite.StartAsync(
            sandbox.Address, options => options.Configuration.Mode = ConfigurationMode.Automatic);
        await Eventually.IsTrueAsync(
            () => site.Metrics.Sum("kameleoon.configuration.refreshes", "outcome", "unchanged") > 0);
        site.Metrics.Values("kameleoon.configuration.streams", "feature_flag.set.id").ShouldBeEmpty();

        sandbox.Serve(streaming);
        await Eventually.IsTrueAsync(() => site.Metrics.Sum("kameleoon.configuration.streams") == 1);

        sandbox.Serve(DataFiles.Shop);
        await Eventually.IsTrueAsync(() => site.Metrics.Sum("kameleoon.configuration.streams") == 0);
        site.Metrics.Sum("kameleoon.configuration.streams.lost").ShouldBe(0);
    }
}
