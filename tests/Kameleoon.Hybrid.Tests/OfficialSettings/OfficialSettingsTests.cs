using Microsoft.Extensions.Configuration;

namespace Kameleoon.Hybrid.Tests;

/// <summary>The settings file of the official C# SDK, read as it lies on a server.</summary>
public sealed class OfficialSettingsTests : IDisposable
{
    private readonly string _path = Path.Combine(Path.GetTempPath(), Guid.NewGuid().ToString("N") + ".conf");

    public void Dispose() => File.Delete(_path);

    [Fact]
    public void Every_setting_of_the_official_sdk_has_its_counterpart()
    {
        var options = Read("""
            # Kameleoon
            client_id = the id
            client_secret=se=cr:et
            ! another comment
            refresh_interval_minute = 90
            session_duration_minute: 45
            default_timeout_millisecond = 1500
            tracking_interval_millisecond = 2000
            environment = staging
            top_level_domain = example.com
            proxy_host = proxy.internal:3128
            network_domain = kameleoon.example.com
            something_else = 1
            no setting at all
            """);

        options.ClientId.ShouldBe("the id");
        options.ClientSecret.ShouldBe("se=cr:et");
        options.RefreshInterval.ShouldBe(TimeSpan.FromMinutes(90));
        options.SessionDuration.ShouldBe(TimeSpan.FromMinutes(45));
        options.RequestTimeout.ShouldBe(TimeSpan.FromSeconds(1.5));
        options.TrackingInterval.ShouldBe(TimeSpan.FromSeconds(2));
        options.Environment.ShouldBe("staging");
        options.Cookie.Domain.ShouldBe("example.com");
        options.Proxy.ShouldBe(new Uri("http://proxy.internal:3128"));
        options.NetworkDomain.ShouldBe("kameleoon.example.com");
    }

    [Fact]
    public void What_the_official_sdk_takes_without_a_word_stops_no_start()
    {
        var options = Read("""
            proxy_host =
            network_domain =
            environment =
            top_level_domain = localhost
            tracking_interval_millisecond = 100
            """);

        (options.Proxy, options.NetworkDomain, options.Environment, options.Cookie.Domain).ShouldBe((null, null, null, null));
        options.TrackingInterval.ShouldBe(TimeSpan.FromSeconds(1));
    }

    [Fact]
    public void What_is_no_number_is_named_with_its_line()
    {
        var failure = Should.Throw<InvalidDataException>(() => Read("client_id = x\nrefresh_interval_minute = often"));

        failure.InnerException.ShouldBeOfType<FormatException>().Message
            .ShouldEndWith(".conf, line 2: refresh_interval_minute is 'often', which is not a whole number.");
    }

    [Fact]
    public void A_file_that_is_missing_is_an_error_unless_it_may_be()
    {
        Should.Throw<FileNotFoundException>(() => new ConfigurationBuilder().AddKameleoonProperties(_path).Build());
        new ConfigurationBuilder().AddKameleoonProperties(_path, optional: true).Build()
            .GetSection(KameleoonOptions.SectionName).Exists().ShouldBeFalse();
    }

    private KameleoonOptions Read(string text)
    {
        File.WriteAllText(_path, text);
        var options = new KameleoonOptions();
        new ConfigurationBuilder().AddKameleoonProperties(_path).Build().GetSection(KameleoonOptions.SectionName).Bind(options);
        return options;
    }
}
