using Kameleoon.Hybrid.Simulation;

namespace Kameleoon.Hybrid.Tests;

/// <summary>A thousand servers that lose the platform at once neither storm it then nor when it is back.</summary>
public sealed class HerdTests
{
    [Fact]
    public void Polling_asks_a_few_times_as_often_at_first_then_hardly_more_than_usual()
    {
        var herd = Run(options => options.RefreshInterval = TimeSpan.FromMinutes(1));
        var usual = herd.Requests[120..600].Average();

        usual.ShouldBeInRange(16, 19);
        herd.Peak(TimeSpan.FromMinutes(10), TimeSpan.FromMinutes(12), window: 10).ShouldBeLessThan(6 * usual);
        herd.Peak(TimeSpan.FromMinutes(13), TimeSpan.FromMinutes(20), window: 10).ShouldBeLessThan(2 * usual);
        herd.Peak(TimeSpan.FromMinutes(20), TimeSpan.FromMinutes(35), window: 10).ShouldBeLessThan(2 * usual);
    }

    [Fact]
    public void Streaming_comes_back_at_no_more_than_a_tenth_of_the_servers_a_second()
    {
        var herd = Run(options => options.Configuration.Mode = ConfigurationMode.Streaming);

        herd.Peak(TimeSpan.FromMinutes(10), TimeSpan.FromMinutes(11)).ShouldBeLessThan(350);
        herd.Peak(TimeSpan.FromMinutes(11), TimeSpan.FromMinutes(20)).ShouldBeLessThan(70);
        herd.Peak(TimeSpan.FromMinutes(20), TimeSpan.FromMinutes(35)).ShouldBeLessThan(100);
        herd.Requests[1290..].Sum().ShouldBeLessThan(1000);
    }

    [Theory]
    [InlineData(ConfigurationMode.Polling, 60)]
    [InlineData(ConfigurationMode.Streaming, 3600)]
    public void Servers_that_share_the_data_file_ask_like_one_server_before_during_and_after_an_outage(ConfigurationMode mode, int interval)
    {
        var herd = Run(
            options =>
            {
                options.Configuration.Mode = mode;
                options.RefreshInterval = TimeSpan.FromSeconds(interval);
            },
            isFarm: true);

        herd.Peak(TimeSpan.Zero, TimeSpan.FromMinutes(35)).ShouldBeLessThanOrEqualTo(3);
        herd.Requests[..600].Sum().ShouldBeLessThan(20);
        herd.Requests[600..1200].Sum().ShouldBeInRange(10, 60);
        herd.Requests[1260..].Sum().ShouldBeLessThan(25);
    }

    private static Herd Run(Action<KameleoonOptions> configure, bool isFarm = false)
    {
        var options = new KameleoonOptions();
        configure(options);
        return Herd.Run(new HerdSettings(options) { IsFarm = isFarm });
    }
}
