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

    private static Herd Run(Action<KameleoonOptions> configure)
    {
        var options = new KameleoonOptions();
        configure(options);
        return Herd.Run(new HerdSettings(options));
    }
}
