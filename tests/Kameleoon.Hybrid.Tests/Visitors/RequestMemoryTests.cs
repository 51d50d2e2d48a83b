namespace Kameleoon.Hybrid.Tests;

/// <summary>What each request of a known visitor costs, whether or not it decides anything.</summary>
public sealed class RequestMemoryTests
{
    private const int Requests = 500;
    private const long MostBytes = 176;

    [Fact]
    public async Task A_request_of_a_known_visitor_takes_176_bytes_until_a_flag_is_decided()
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
