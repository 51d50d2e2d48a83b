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
        var few = await OfAllAsync(50);
        var many = await OfAllAsync(800);

        (many / 800).ShouldBeLessThanOrEqualTo(few / 50);
    }

    private static async Task<long> OfAllAsync(int flags)
    {
        await using var site = await TestSite.StartAsync(platform: DataFiles.Serving(DataFiles.Many(flags)));
        var least = long.MaxValue;
        for (var visitor = 0; visitor < 20; visitor++)
        {
            var client = Create(Request(site.App, $"kameleoonVisitorCode=visitor{visitor}")).Client;
            var before = GC.GetAllocatedBytesForCurrentThread();
            client.GetVariations().Count.ShouldBe(flags);
            client.GetEngineTrackingCode().ShouldContain("assignVariation");
            least = Math.Min(least, GC.GetAllocatedBytesForCurrentThread() - before);
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
