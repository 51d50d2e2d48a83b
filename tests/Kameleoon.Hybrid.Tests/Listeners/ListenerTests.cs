namespace Kameleoon.Hybrid.Tests;

/// <summary>Listeners get what the library decides, reports and asks the platform.</summary>
public sealed class ListenerTests
{
    private readonly RecordingListener _listener = new();

    [Fact]
    public async Task An_evaluation_has_the_flag_the_variation_the_reason_and_the_visitor()
    {
        await using var site = await StartAsync();

        await site.ReadAsAsync("anna", "/decide/checkout");
        await site.ReadAsAsync("ben", "/look/dark");
        await site.ReadAsAsync("ben", "/decide/nothing");
        await site.App.StopAsync();

        _listener.Of<EvaluationEvent>()
            .Select(told => (told.VisitorCode, told.FeatureKey, told.Variation.Key, told.Reason, told.IsTracked))
            .ShouldBe([
                ("anna", "checkout", "on", DecisionReason.Rule, true),
                ("ben", "dark", "off", DecisionReason.Disabled, false),
                ("ben", "nothing", "off", DecisionReason.UnknownFlag, true),
            ]);
        _listener.Events.ShouldAllBe(told => told.SiteCode == "abcde12345");
    }

    [Fact]
    public async Task All_decided_flags_of_a_visitor_are_evaluations()
    {
        await using var site = await StartAsync();

        await site.ReadAsAsync("anna", "/all");
        await site.App.StopAsync();

        _listener.Of<EvaluationEvent>().Select(told => told.FeatureKey).ShouldBe(["checkout", "delivery", "style"]);
    }

    [Theory]
    [InlineData("/decide/checkout", ExposureOwner.Server)]
    [InlineData("/page/checkout", ExposureOwner.Engine)]
    public async Task An_exposure_comes_once_with_the_side_that_reports_it(string path, ExposureOwner owner)
    {
        await using var site = await StartAsync();

        await site.ReadAsAsync("anna", path);
        await site.App.StopAsync();

        var exposure = _listener.Of<ExposureEvent>().ShouldHaveSingleItem();
        exposure.Owner.ShouldBe(owner);
        (exposure.VisitorCode, exposure.ExperimentId, exposure.VariationId)
            .ShouldBe(("anna", DataFiles.Experiment, DataFiles.Variation));
    }

    [Fact]
    public async Task Both_sides_that_report_an_exposure_are_named()
    {
        await using var site = await StartAsync(options => options.ExposureBy = ExposureOwner.Both);

        await site.ReadAsAsync("anna", "/page/checkout");
        await site.App.StopAsync();

        _listener.Of<ExposureEvent>().Select(told => told.Owner)
            .ShouldBe([ExposureOwner.Server, ExposureOwner.Engine], ignoreOrder: true);
    }

    [Theory]
    [InlineData("/look/checkout")]
    [InlineData("/decide/dark")]
    public async Task A_decision_that_nothing_reports_is_no_exposure(string path)
    {
        await using var site = await StartAsync();

        await site.ReadAsAsync("anna", path);
        await site.App.StopAsync();

        _listener.Of<ExposureEvent>().ShouldBeEmpty();
    }

    [Fact]
    public async Task An_exposure_that_consent_forbids_is_not_told()
    {
        await using var site = await StartAsync(dataFile: DataFiles.Site("REQUIRED", delivers: false));

        await site.ReadAsAsync("anna", "/decide/checkout");
        await site.App.StopAsync();

        _listener.Of<ExposureEvent>().ShouldBeEmpty();
    }

    [Fact]
    public async Task A_conversion_has_its_goal_revenue_id_and_metadata()
    {
        await using var site = await StartAsync();

        site.App.Services.GetRequiredService<IKameleoonClientFactory>().ForVisitor("anna")
            .TrackConversion(55, "order-1", 10.50m, negative: true, new CustomData(3, "red", "blue"));
        await site.App.StopAsync();

        var conversion = _listener.Of<ConversionEvent>().ShouldHaveSingleItem();
        (conversion.VisitorCode, conversion.GoalId, conversion.Revenue, conversion.Negative, conversion.Id)
            .ShouldBe(("anna", 55, 10.50m, true, "order-1"));
        conversion.Metadata.ShouldHaveSingleItem().Value.ShouldBe(["red", "blue"]);
    }

    [Fact]
    public async Task The_first_data_file_and_the_requests_for_it_are_told()
    {
        await using var site = await StartAsync();

        await site.ReadAsAsync("anna", "/decide/checkout");
        await site.App.StopAsync();

        var configuration = _listener.Of<ConfigurationEvent>().ShouldHaveSingleItem();
        configuration.Added.ShouldBe(["checkout", "delivery", "style", "dark"], ignoreOrder: true);
        configuration.Version.ShouldBe(site.Configuration.Version);
        var requests = _listener.Of<PlatformRequestEvent>().ToList();
        requests[0].Kind.ShouldBe(PlatformRequestKind.Configuration);
        requests.Select(told => told.Kind).ShouldContain(PlatformRequestKind.Tracking);
        requests.ShouldAllBe(told => told.Status >= 200 && told.Status < 300 && told.Duration >= TimeSpan.Zero);
    }

    [Fact]
    public async Task A_listener_that_throws_harms_neither_the_next_event_nor_other_listeners()
    {
        await using var site = await StartAsync(kameleoon: added => added.AddListener(new Broken()));

        await site.ReadAsAsync("anna", "/decide/checkout");
        await site.ReadAsAsync("ben", "/decide/checkout");
        await site.App.StopAsync();

        _listener.Of<ExposureEvent>().Select(told => told.VisitorCode).ShouldBe(["anna", "ben"]);
        site.Log.Texts(702).ShouldHaveSingleItem();
        site.Metrics.Sum("kameleoon.listeners.lost", "reason", "failed").ShouldBe(2);
    }

    [Fact]
    public async Task A_listener_that_hangs_loses_its_own_events_only_counted_and_logged_once()
    {
        var hung = new Hung();
        await using var site = await StartAsync(
            options => (options.ListenerQueueLength, options.StopTimeout) = (10, TimeSpan.Zero),
            kameleoon: added => added.AddListener(hung));
        var client = site.App.Services.GetRequiredService<IKameleoonClientFactory>().ForVisitor("anna");
        client.GetVariation("checkout", track: false);
        await hung.Entered.WaitAsync(HangGuard.Timeout);

        for (var round = 0; round < 15; round++)
        {
            client.GetVariation("checkout", track: false);
            await Eventually.IsTrueAsync(() => _listener.Of<EvaluationEvent>().Count() == round + 2);
        }

        site.Metrics.Sum("kameleoon.listeners.lost", "reason", "full").ShouldBe(5);
        site.Log.Texts(701).ShouldHaveSingleItem();
        await site.App.StopAsync();
        site.Log.Texts(703).ShouldHaveSingleItem();
    }

    [Fact]
    public async Task A_listener_of_the_application_may_need_the_client_s_factory()
    {
        await using var site = await StartAsync(kameleoon: added => added.AddListener<Curious>().AddListener<Curious>());

        await site.ReadAsAsync("anna", "/decide/checkout");
        await site.App.StopAsync();

        site.App.Services.GetServices<IKameleoonListener>().OfType<Curious>().ShouldHaveSingleItem().Seen.ShouldBe(["on"]);
    }

    [Fact]
    public async Task A_project_uses_the_listeners_of_the_application()
    {
        await using var site = await StartAsync(services: services => TestSite.Connect(
            services.AddKameleoonHybrid("b", options =>
            {
                options.SiteCode = "brandb";
                options.Hosts.Add("b.example.com");
                options.Configuration.LastGoodCopy = false;
            }),
            DataFiles.Serving(DataFiles.Shop)));

        await site.ReadAsync("/decide/checkout", ("Host", "b.example.com"), ("Cookie", "kameleoonVisitorCode=anna"));
        await site.App.StopAsync();

        _listener.Of<ExposureEvent>().ShouldHaveSingleItem().SiteCode.ShouldBe("brandb");
    }

    [Theory]
    [InlineData(0)]
    [InlineData(1_000_001)]
    public async Task A_queue_length_out_of_range_stops_the_start(int length)
    {
        var failure = await Should.ThrowAsync<Microsoft.Extensions.Options.OptionsValidationException>(
            () => StartAsync(options => options.ListenerQueueLength = length));

        failure.Message.ShouldContain("Kameleoon:ListenerQueueLength");
    }

    private Task<TestSite> StartAsync(
        Action<KameleoonOptions>? options = null,
        string? dataFile = null,
        Action<IServiceCollection>? services = null,
        Action<IKameleoonBuilder>? kameleoon = null) => TestSite.StartAsync(
            options,
            platform: DataFiles.Serving(dataFile ?? DataFiles.Shop),
            services: services,
            kameleoon: added =>
            {
                kameleoon?.Invoke(added);
                added.AddListener(_listener);
            });

    private sealed class Broken : IKameleoonListener
    {
        public ValueTask OnExposureAsync(ExposureEvent exposure, CancellationToken cancellationToken) =>
            throw new InvalidOperationException("The warehouse is closed.");
    }

    private sealed class Hung : IKameleoonListener
    {
        private readonly TaskCompletionSource _entered = new(TaskCreationOptions.RunContinuationsAsynchronously);

        internal Task Entered => _entered.Task;

        public async ValueTask OnEvaluationAsync(EvaluationEvent evaluation, CancellationToken cancellationToken)
        {
            _entered.TrySetResult();
            await new TaskCompletionSource().Task;
        }
    }

    private sealed class Curious(IKameleoonClientFactory clients) : IKameleoonListener
    {
        internal List<string> Seen { get; } = [];

        public ValueTask OnExposureAsync(ExposureEvent exposure, CancellationToken cancellationToken)
        {
            Seen.Add(clients.ForVisitor(exposure.VisitorCode).GetVariation("checkout", track: false).Key);
            return default;
        }
    }
}
