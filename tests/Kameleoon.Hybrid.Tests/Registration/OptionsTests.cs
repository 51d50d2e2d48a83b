using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Options;

namespace Kameleoon.Hybrid.Tests;

/// <summary>A wrong setting stops the start with a sentence that names it.</summary>
public sealed class OptionsTests
{
    [Theory]
    [InlineData("SiteCode", "", "Kameleoon:SiteCode is empty.")]
    [InlineData("SiteCode", "  ", "Kameleoon:SiteCode is empty.")]
    [InlineData("SiteCode", "your site/code", "Kameleoon:SiteCode is 'your site/code'.")]
    [InlineData("SdkName", "C SHARP", "Kameleoon:SdkName is 'C SHARP'.")]
    [InlineData("RefreshInterval", "00:00:00", "Kameleoon:RefreshInterval is 00:00:00. Set it to a time from 00:00:01 to 1.00:00:00.")]
    [InlineData("RefreshInterval", "-00:01:00", "Kameleoon:RefreshInterval is -00:01:00.")]
    [InlineData("RefreshInterval", "2.00:00:00", "Kameleoon:RefreshInterval is 2.00:00:00.")]
    [InlineData("TrackingInterval", "00:00:00.5", "Kameleoon:TrackingInterval is 00:00:00.5000000.")]
    [InlineData("ClientId", "only-the-id", "Only one of Kameleoon:ClientId and Kameleoon:ClientSecret is set.")]
    [InlineData("Cookie:Domain", "com", "Kameleoon:Cookie:Domain is 'com', which no browser accepts.")]
    [InlineData("Cookie:Domain", "localhost", "Kameleoon:Cookie:Domain is 'localhost'")]
    [InlineData("Cookie:Domain", "127.0.0.1", "Kameleoon:Cookie:Domain is '127.0.0.1'")]
    [InlineData("Cookie:Domain", "example.com:8080", "Kameleoon:Cookie:Domain is 'example.com:8080'")]
    [InlineData("Cookie:Domain", "exa mple.com", "Kameleoon:Cookie:Domain is 'exa mple.com'")]
    [InlineData("Cookie:Domain", "a.com; HttpOnly", "Kameleoon:Cookie:Domain is 'a.com; HttpOnly'")]
    [InlineData("Cookie:SameSite", "Strict", "Kameleoon:Cookie:SameSite is Strict. Set it to Lax or None.")]
    [InlineData("Cookie:SameSite", "Unspecified", "Kameleoon:Cookie:SameSite is Unspecified. Set it to Lax or None.")]
    [InlineData("Cookie:SameSite", "None", "https and set Kameleoon:Cookie:Secure to true, or set Kameleoon:Cookie:SameSite to Lax.")]
    [InlineData("Cookie:Partitioned", "true", "Kameleoon:Cookie:Partitioned is true, but Kameleoon:Cookie:SameSite is Lax.")]
    [InlineData("NetworkDomain", "169.254.169.254", "Kameleoon:NetworkDomain is '169.254.169.254'.")]
    [InlineData("NetworkDomain", "x/y", "Kameleoon:NetworkDomain is 'x/y'.")]
    [InlineData("Endpoints:Configuration", "ftp://example.com", "Kameleoon:Endpoints:Configuration is 'ftp://example.com/'.")]
    [InlineData("Endpoints:Tracking", "/relative", "Kameleoon:Endpoints:Tracking is '/relative'.")]
    [InlineData("Proxy", "ftp://user:secret@proxy", "Kameleoon:Proxy is no address of a proxy.")]
    [InlineData("SessionDuration", "00:00:59", "Kameleoon:SessionDuration is 00:00:59. Set it to a time from 00:01:00 to 1.00:00:00.")]
    [InlineData("Overrides:Lifetime", "00:00:59", "Kameleoon:Overrides:Lifetime is 00:00:59. Set it to a time from 00:01:00 to 30.00:00:00.")]
    [InlineData("MaxVisitors", "0", "Kameleoon:MaxVisitors is 0. Set it to a number from 1 to 100000000.")]
    [InlineData("MaxVisitorBytes", "1000", "Kameleoon:MaxVisitorBytes is 1000. Set it to a number from 1048576 to 1099511627776.")]
    [InlineData("Simulation", "7", "Kameleoon:Simulation is 7. Set it to one of Off, DevelopmentOnly, On.")]
    [InlineData("Engine:Mode", "9", "Kameleoon:Engine:Mode is 9. Set it to one of Async, Sync, AsyncAntiFlicker, None.")]
    [InlineData("Engine:Overlay", "9", "Kameleoon:Engine:Overlay is 9. Set it to one of Cover, Hide.")]
    [InlineData("Engine:Timeout", "00:00:03.001", "Kameleoon:Engine:Timeout is 00:00:03.0010000. Set it to a time from 00:00:00 to 00:00:03.")]
    [InlineData("Engine:Unify", "frame.html", "Kameleoon:Engine:Unify is 'frame.html'.")]
    [InlineData("Engine:Unify", "ftp://data.example/frame.html", "Kameleoon:Engine:Unify is 'ftp://data.example/frame.html'.")]
    [InlineData("Bots:Include:0", "x", "Kameleoon:Bots:Include has a text that is too short or too long.")]
    [InlineData("Bots:Exclude:0", " ", "Kameleoon:Bots:Exclude has a text that is too short or too long.")]
    [InlineData("Bots:Include:0", "safari", "Kameleoon:Bots:Include has 'safari', which people's browsers have")]
    [InlineData("Bots:Include:0", "android", "Kameleoon:Bots:Include has 'android', which people's browsers have")]
    [InlineData("Bots:Include:0", "SamsungBrowser", "Kameleoon:Bots:Include has 'SamsungBrowser', which people's browsers have")]
    [InlineData("Trust:Guard:Enabled", "true", "Kameleoon:Trust:Guard:Enabled is true, but no experiment is watched")]
    [InlineData("Trust:Guard:BreakFor", "00:00:01", "Kameleoon:Trust:Guard:BreakFor is 00:00:01. Set it to a time from 00:00:10 to 1.00:00:00.")]
    [InlineData("Trust:Guard:MaxBreakFor", "00:01:00", "Kameleoon:Trust:Guard:MaxBreakFor is 00:01:00. Set it to a time from 00:05:00 to 7.00:00:00.")]
    [InlineData("Trust:Guard:ProbeShare", "NaN", "Kameleoon:Trust:Guard:ProbeShare is NaN. Set it to a number from 0.001 to 0.5.")]
    [InlineData("Trust:Guard:ProbeVisitors", "9", "Kameleoon:Trust:Guard:ProbeVisitors is 9. Set it to a number from 10 to 10000.")]
    [InlineData("Trust:Guard:ErrorIncrease", "0", "Kameleoon:Trust:Guard:ErrorIncrease is 0. Set it to a number from 0.001 to 1.")]
    [InlineData("Trust:Guard:SlowIncrease", "2", "Kameleoon:Trust:Guard:SlowIncrease is 2. Set it to a number from 0.01 to 1.")]
    [InlineData("Trust:Guard:SlowBy", "00:00:00", "Kameleoon:Trust:Guard:SlowBy is 00:00:00. Set it to a time from 00:00:00.0010000 to 00:01:00.")]
    [InlineData("Prefetch", "2", "Kameleoon:Prefetch is 2. Set it to one of Serve, Refuse.")]
    [InlineData("PrefetchHeaders:0", "Accept", "Kameleoon:PrefetchHeaders has 'Accept'")]
    [InlineData("PrefetchHeaders:0", "Sec-Own", "Kameleoon:PrefetchHeaders has 'Sec-Own'")]
    [InlineData("PrefetchHeaders:0", "my header", "Kameleoon:PrefetchHeaders has 'my header'")]
    [InlineData("SeenPath", "seen", "Kameleoon:SeenPath is 'seen'.")]
    [InlineData("SeenPath", "//other.example/seen", "Kameleoon:SeenPath is '//other.example/seen'.")]
    [InlineData("Configuration:Mode", "7", "Kameleoon:Configuration:Mode is 7. Set it to one of Polling, Streaming, Automatic.")]
    [InlineData("Configuration:Start", "7", "Kameleoon:Configuration:Start is 7. Set it to one of Wait, Background, Require.")]
    [InlineData("Configuration:File", "", "Kameleoon:Configuration:File or Kameleoon:Configuration:LastGoodCopyFolder is empty.")]
    [InlineData("Configuration:StaleAfter", "00:00:00", "Kameleoon:Configuration:StaleAfter is 00:00:00.")]
    [InlineData("Configuration:HeartbeatTimeout", "02:00:00", "Kameleoon:Configuration:HeartbeatTimeout is 02:00:00.")]
    [InlineData("Configuration:RetryDelay", "0", "Kameleoon:Configuration:RetryDelay is 00:00:00.")]
    [InlineData("Configuration:ReconnectDelay", "0", "Kameleoon:Configuration:ReconnectDelay is 00:00:00.")]
    [InlineData("Configuration:MaxReconnectDelay", "0", "Kameleoon:Configuration:MaxReconnectDelay is 00:00:00.")]
    [InlineData("Resilience:Tracking:Retries", "11", "Kameleoon:Resilience:Tracking:Retries is 11. Set it to a number from 0 to 10.")]
    [InlineData("Resilience:Api:BreakRatio", "0", "Kameleoon:Resilience:Api:BreakRatio is 0. Set it to a number above 0, up to 1.")]
    [InlineData("Resilience:Configuration:AttemptTimeout", "0", "Kameleoon:Resilience:Configuration:AttemptTimeout is 00:00:00.")]
    public async Task The_application_refuses_to_start(string setting, string value, string sentence)
    {
        using var host = Build(("SiteCode", "abcde12345"), (setting, value));

        var error = await Should.ThrowAsync<OptionsValidationException>(() => host.StartAsync());

        error.Message.ShouldContain(sentence);
    }

    [Theory]
    [InlineData("Configuration:Mode", "Streaming", "Configuration:File", "flags.json", "Leave one of them out.")]
    [InlineData("Configuration:Start", "Require", "StartTimeout", "0", "leaves no time to get a data file.")]
    public async Task Two_settings_that_do_not_go_together_stop_the_start(
        string first, string value, string second, string other, string sentence)
    {
        using var host = Build(("SiteCode", "abcde12345"), (first, value), (second, other));

        var error = await Should.ThrowAsync<OptionsValidationException>(() => host.StartAsync());

        error.Message.ShouldContain(sentence);
    }

    [Theory]
    [InlineData("Endpoints:Events", "http://127.0.0.1:1/", "Endpoints:Stream", "http://127.0.0.1:2/")]
    [InlineData("Endpoints:Data", "http://127.0.0.1:1/", "Endpoints:Tracking", "http://127.0.0.1:2/")]
    [InlineData("Resilience:Data:Retries", "1", "Resilience:Tracking:Retries", "2")]
    public async Task An_old_name_that_contradicts_the_new_one_stops_the_start(
        string oldName, string oldValue, string newName, string newValue)
    {
        using var host = Build(("SiteCode", "abcde12345"), (oldName, oldValue), (newName, newValue));

        var error = await Should.ThrowAsync<OptionsValidationException>(() => host.StartAsync());

        error.Message.ShouldContain($"Kameleoon:{oldName} is '{oldValue}', but Kameleoon:{newName} is '{newValue}'.");
        error.Message.ShouldContain($"remove Kameleoon:{oldName}.");
    }

    [Fact]
    public void Settings_under_their_old_names_take_effect()
    {
        using var host = Build(
            ("SiteCode", "s"),
            ("Endpoints:Events", "http://127.0.0.1:1/"),
            ("Endpoints:Data", "http://127.0.0.1:2/"),
            ("Resilience:Data:Retries", "5"),
            ("Resilience:Data:BreakAttempts", "7"));

        var options = host.Services.GetRequiredService<IOptions<KameleoonOptions>>().Value;

        options.Endpoints.Stream.ShouldBe(new Uri("http://127.0.0.1:1/"));
        options.Endpoints.Tracking.ShouldBe(new Uri("http://127.0.0.1:2/"));
        (options.Resilience.Tracking.Retries, options.Resilience.Tracking.BreakAttempts).ShouldBe((5, 7));
    }

    [Fact]
    public void The_same_value_under_both_names_is_accepted()
    {
        using var host = Build(
            ("SiteCode", "s"),
            ("Endpoints:Events", "http://127.0.0.1:1/"),
            ("Endpoints:Stream", "http://127.0.0.1:1/"));

        var options = host.Services.GetRequiredService<IOptions<KameleoonOptions>>().Value;

        options.Endpoints.Stream.ShouldBe(new Uri("http://127.0.0.1:1/"));
    }

    [Fact]
    public async Task A_proxy_whose_password_makes_it_no_address_is_named_without_the_password()
    {
        using var host = Build(("SiteCode", "abcde12345"), ("Proxy", "http://user:pass/word@proxy.internal:3128"));

        var error = await Should.ThrowAsync<InvalidOperationException>(() => host.StartAsync());

        error.Message.ShouldStartWith("Kameleoon:Proxy is no address.");
        error.ToString().ShouldNotContain("pass/word");
    }

    [Fact]
    public async Task All_wrong_settings_are_named_at_once()
    {
        using var host = Build(("SiteCode", ""), ("RefreshInterval", "00:00:00"), ("Cookie:Domain", "com"));

        var error = await Should.ThrowAsync<OptionsValidationException>(() => host.StartAsync());

        error.Failures.Count().ShouldBe(3);
    }

    [Fact]
    public void Every_setting_can_come_from_the_configuration()
    {
        using var host = Build(
            ("SiteCode", "s"),
            ("RefreshInterval", "00:00:01"),
            ("Environment", "staging"),
            ("ExposureBy", "server"),
            ("SessionDuration", "01:00:00"),
            ("MaxVisitors", "5000"),
            ("MaxVisitorBytes", "2000000"),
            ("Simulation", "on"),
            ("ThrowOnUnknownFeature", "true"),
            ("RequestFacts:Cookies", "false"),
            ("QueryParameter", "off"),
            ("Engine:Mode", "asyncAntiFlicker"),
            ("Engine:Timeout", "00:00:01"),
            ("Engine:Unify", "/frame.html"),
            ("Engine:AlwaysImposeVisitorCode", "true"),
            ("Prefetch", "refuse"),
            ("Bots:Detect", "false"),
            ("Bots:Include:0", "in-house-check"),
            ("Bots:Exclude:0", "OurApp/"),
            ("Bots:Exclude:1", "HeadlessChrome"),
            ("Cookie:Domain", "example.com"),
            ("Configuration:Mode", "streaming"),
            ("Configuration:LastGoodCopy", "false"),
            ("Resilience:Tracking:Retries", "5"),
            ("Endpoints:Configuration", "http://127.0.0.1:5480/base"),
            ("Endpoints:Engine", "/_kameleoon"));

        var options = host.Services.GetRequiredService<IOptions<KameleoonOptions>>().Value;

        options.RefreshInterval.ShouldBe(TimeSpan.FromSeconds(1));
        options.Environment.ShouldBe("staging");
        options.ExposureBy.ShouldBe(ExposureOwner.Server);
        options.SessionDuration.ShouldBe(TimeSpan.FromHours(1));
        options.MaxVisitors.ShouldBe(5000);
        options.MaxVisitorBytes.ShouldBe(2_000_000);
        options.Simulation.ShouldBe(SimulationPolicy.On);
        options.ThrowOnUnknownFeature.ShouldBeTrue();
        options.Prefetch.ShouldBe(PrefetchPolicy.Refuse);
        options.Bots.Detect.ShouldBe(false);
        options.Bots.Include.ShouldBe(["in-house-check"]);
        options.Bots.Exclude.ShouldBe(["OurApp/", "HeadlessChrome"]);
        (options.RequestFacts.Cookies, options.RequestFacts.Url).ShouldBe((false, true));
        options.QueryParameter.ShouldBe(QueryParameterPolicy.Off);
        (options.Engine.Mode, options.Engine.Timeout).ShouldBe((EngineMode.AsyncAntiFlicker, TimeSpan.FromSeconds(1)));
        options.Engine.Unify!.OriginalString.ShouldBe("/frame.html");
        options.Engine.AlwaysImposeVisitorCode.ShouldBeTrue();
        options.Cookie.Domain.ShouldBe("example.com");
        options.Endpoints.Configuration.ShouldBe(new Uri("http://127.0.0.1:5480/base"));
        options.Configuration.Mode.ShouldBe(ConfigurationMode.Streaming);
        options.Configuration.LastGoodCopy.ShouldBeFalse();
        options.Resilience.Tracking.Retries.ShouldBe(5);
        options.Resilience.Tracking.RetryDelay.ShouldBe(TimeSpan.FromSeconds(5));
        options.Endpoints.Engine!.OriginalString.ShouldBe("/_kameleoon");
    }

    private static IHost Build(params (string Name, string Value)[] settings)
    {
        var builder = Host.CreateEmptyApplicationBuilder(null);
        foreach (var (name, value) in settings)
        {
            builder.Configuration.AddInMemoryCollection([KeyValuePair.Create("Kameleoon:" + name, (string?)value)]);
        }

        builder.Services.AddKameleoonHybrid(builder.Configuration);
        return builder.Build();
    }
}
