namespace Kameleoon.Hybrid.Tests;

/// <summary>What each request of a known visitor costs, whether or not it decides anything.</summary>
public sealed class RequestMemoryTests
{
    private const int Requests = 500;
    private const long MostBytes = 184;

    [Fact]
    public async Task A_request_of_a_known_visitor_takes_184_bytes_until_a_flag_is_decided()
    {
        await using var site = await TestSite.StartAsync();

        // Code that is not optimized yet allocates more, and a busy machine takes its time with it.
        long bytes = 0;
        await Eventually.IsTrueAsync(() => (bytes = Measure(site.App)) <= MostBytes, () => $"{bytes} bytes");
    }

    [Fact]
    public async Task Visitors_with_the_same_exposure_get_the_same_text_as_tracking_code()
    {
        await using var site = await TestSite.StartAsync();
        var codes = Enumerable.Range(0, 20)
            .Select(number => Create(Request(site.App, $"kameleoonVisitorCode=visitor{number}")).Client)
            .GroupBy(
                static client => client.GetVariation("checkout").Key,
                static client => client.GetEngineTrackingCode(),
                StringComparer.Ordinal);

        foreach (var ofVariation in codes)
        {
            ofVariation.ShouldAllBe(code => ReferenceEquals(code, ofVariation.First()));
        }
    }

    [Fact]
    public async Task All_flags_of_a_new_visitor_take_the_same_memory_each_however_many_there_are()
    {
        var few = await OfAllAsync(DataFiles.Many(50), 50);
        var many = await OfAllAsync(DataFiles.Many(800), 800);

        (many / 800).ShouldBeLessThanOrEqualTo(few / 50);
    }

    [Fact]
    public async Task So_do_flags_that_ask_for_assignments_of_the_same_page()
    {
        var few = await OfAllAsync(DataFiles.Chained(50), 50);
        var many = await OfAllAsync(DataFiles.Chained(800), 800);

        (many / 800).ShouldBeLessThanOrEqualTo(few / 50);
    }

    [Fact]
    public async Task So_do_flags_of_a_page_on_which_a_variation_is_withheld()
    {
        var few = await OfAllAsync(Split(50), 51, Withhold);
        var many = await OfAllAsync(Split(800), 801, Withhold);

        (many / 800).ShouldBeLessThanOrEqualTo(few / 50);
    }

    // Beside the flags of all visitors, one that splits them.
    private static string Split(int flags) => DataFiles.Many(flags)
        .Replace("\"featureFlags\": [", $"\"featureFlags\": [{ArmsSite.Flag(number: 900)},", StringComparison.Ordinal);

    private static void Withhold(IServiceProvider services)
    {
        var monitor = services.GetRequiredService<TrustMonitor>();
        var tally = monitor.Experiments.Single(static one => one.Version.FlagKey == "flag900");
        for (var response = 0; response < 200; response++)
        {
            var place = response % 2;
            tally.Count($"other{response}", tally.Version.IdOf(place), hasFailed: place == 1, milliseconds: null, isAborted: false);
        }

        monitor.Look();
        services.GetRequiredService<VariationGuard>().IsWithholding.ShouldBeTrue();
    }

    private static async Task<long> OfAllAsync(string dataFile, int flags, Action<IServiceProvider>? prepare = null)
    {
        await using var site = await TestSite.StartAsync(
            platform: DataFiles.Serving(dataFile),
            kameleoon: builder => builder.AddKameleoonTrust(options => options.Guard.Enabled = prepare is not null));
        prepare?.Invoke(site.App.Services);
        var least = long.MaxValue;
        for (var visitor = 0; visitor < 20; visitor++)
        {
            var client = Create(Request(site.App, $"kameleoonVisitorCode=visitor{visitor}")).Client;
            var before = GC.GetAllocatedBytesForCurrentThread();
            var all = client.GetVariations();
            var code = client.GetEngineTrackingCode();
            least = Math.Min(least, GC.GetAllocatedBytesForCurrentThread() - before);
            all.Count.ShouldBe(flags);
            all.Values.Count(static variation => variation.IsActive).ShouldBeGreaterThanOrEqualTo(flags - 1);
            code.ShouldContain("assignVariation");
        }

        return least;
    }

    private static long Measure(WebApplication app)
    {
        var contexts = Enumerable.Range(0, Requests).Select(_ => Request(app, "kameleoonVisitorCode=someone")).ToArray();
        var before = GC.GetAllocatedBytesForCurrentThread();
        foreach (var context in contexts)
        {
            Create(context);
        }

        return (GC.GetAllocatedBytesForCurrentThread() - before) / Requests;
    }

    private static RequestVisitor Create(HttpContext context) => context.RequestServices.GetRequiredService<RequestVisitorFactory>()
        .Create(context, new ResolvedVisitorCode(
            VisitorCookie.Read(context.Request, out _)!, VisitorCodeSource.Cookie, InCookie: true));

    private static DefaultHttpContext Request(WebApplication app, string cookie)
    {
        var context = new DefaultHttpContext { RequestServices = app.Services };
        context.Request.Headers.Cookie = cookie;
        return context;
    }
}
