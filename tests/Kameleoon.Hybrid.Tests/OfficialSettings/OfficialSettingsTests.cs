using System.Globalization;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Options;

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

    [Theory]
    [InlineData("refresh_interval_minute = 0")]
    [InlineData("refresh_interval_minute = -1")]
    [InlineData("session_duration_minute = 0")]
    [InlineData("default_timeout_millisecond = -10000")]
    public async Task A_time_that_is_not_above_0_leaves_the_default_with_a_warning(string line)
    {
        var defaults = new KameleoonOptions();

        var (options, warning) = await StartAsync(line);

        options.RefreshInterval.ShouldBe(defaults.RefreshInterval);
        options.SessionDuration.ShouldBe(defaults.SessionDuration);
        options.RequestTimeout.ShouldBe(defaults.RequestTimeout);
        warning.ShouldEndWith($".conf, line 2: {line.Replace("=", "is", StringComparison.Ordinal)}. It must be above 0, so it is ignored.");
    }

    [Theory]
    [InlineData("refresh_interval_minute = 100000", "1.00:00:00", "1 to 1440 here, so it is 1440.")]
    [InlineData("session_duration_minute = 2880", "1.00:00:00", "1 to 1440 here, so it is 1440.")]
    [InlineData("default_timeout_millisecond = 90000", "00:01:00", "100 to 60000 here, so it is 60000.")]
    [InlineData("default_timeout_millisecond = 50", "00:00:00.1", "100 to 60000 here, so it is 100.")]
    [InlineData("default_timeout_millisecond = 99999999999999999999", "00:01:00", "100 to 60000 here, so it is 60000.")]
    [InlineData("tracking_interval_millisecond = -100", "00:00:01", "1000 to 5000 here, so it is 1000.")]
    [InlineData("tracking_interval_millisecond = 60000", "00:00:05", "1000 to 5000 here, so it is 5000.")]
    public async Task A_time_out_of_range_becomes_the_nearest_limit_with_a_warning(string line, string used, string told)
    {
        var (options, warning) = await StartAsync(line);

        (line[0] switch
        {
            'r' => options.RefreshInterval,
            's' => options.SessionDuration,
            'd' => options.RequestTimeout,
            _ => options.TrackingInterval,
        }).ShouldBe(TimeSpan.Parse(used, CultureInfo.InvariantCulture));
        warning.ShouldEndWith(told);
    }

    [Theory]
    [InlineData("refresh_interval_minute = 1440")]
    [InlineData("session_duration_minute = 1")]
    [InlineData("default_timeout_millisecond = 100")]
    [InlineData("tracking_interval_millisecond = 5000")]
    public async Task A_time_in_range_is_used_without_a_warning(string line) => (await StartAsync(line)).Warning.ShouldBeNull();

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

    private async Task<(KameleoonOptions Options, string? Warning)> StartAsync(string line)
    {
        await File.WriteAllTextAsync(_path, $"client_id = id\n{line}\nclient_secret = secret\n");
        var builder = Host.CreateEmptyApplicationBuilder(new HostApplicationBuilderSettings());
        builder.Logging.CollectLibrary();
        builder.Configuration.AddKameleoonProperties(_path)
            .AddInMemoryCollection([new("Kameleoon:SiteCode", "abcde12345")]);
        builder.Services.AddKameleoonHybrid(builder.Configuration).UseDataFile(new InMemoryDataFile(DataFiles.Shop));
        using var host = builder.Build();
        await host.StartAsync();
        var options = host.Services.GetRequiredService<IOptions<KameleoonOptions>>().Value;
        var warnings = host.Services.GetFakeLogCollector().GetSnapshot().Where(static record => record.Id.Id == 125);
        await host.StopAsync();
        return (options, warnings.SingleOrDefault()?.Message);
    }

    private KameleoonOptions Read(string text)
    {
        File.WriteAllText(_path, text);
        var options = new KameleoonOptions();
        new ConfigurationBuilder().AddKameleoonProperties(_path).Build().GetSection(KameleoonOptions.SectionName).Bind(options);
        return options;
    }
}
