using System.Text.Encodings.Web;

namespace Kameleoon.Hybrid.Tests;

/// <summary>Every page with a decision pays for its tracking code.</summary>
public sealed class TagMemoryTests
{
    private const int Warm = 200;
    private const int Measured = 500;

    // The object by which the server remembers what the page passed to the engine is about 80 of them.
    private const long MostBytes = 192;

    [Fact]
    public async Task The_tracking_code_of_a_decision_is_written_without_texts_and_lists_in_between()
    {
        await using var site = await TestSite.StartAsync();

        // Code that is not optimized yet allocates more, and a busy machine takes its time with it.
        long bytes = 0;
        await Eventually.IsTrueAsync(() => (bytes = Measure(site.App)) <= MostBytes, () => $"{bytes} bytes");
    }

    private static long Measure(WebApplication app)
    {
        var contexts = Enumerable.Range(0, Warm + Measured).Select(_ => Decide(app)).ToArray();
        var tag = app.Services.GetRequiredService<TrackingTag>();
        Write(tag, contexts.AsSpan(..Warm));
        var before = GC.GetAllocatedBytesForCurrentThread();
        Write(tag, contexts.AsSpan(Warm..));
        return (GC.GetAllocatedBytesForCurrentThread() - before) / Measured;
    }

    private static DefaultHttpContext Decide(WebApplication app)
    {
        var context = new DefaultHttpContext { RequestServices = app.Services };
        context.Request.Headers.Cookie = "kameleoonVisitorCode=someone";
        var visitor = app.Services.GetRequiredService<RequestVisitorFactory>()
            .Create(context, new ResolvedVisitorCode("someone", VisitorCodeSource.Cookie, InCookie: true));
        context.Features.Set(visitor);
        visitor.Client.GetVariation("checkout");
        return context;
    }

    private static void Write(TrackingTag tag, ReadOnlySpan<DefaultHttpContext> contexts)
    {
        foreach (var context in contexts)
        {
            tag.Create(context, tag.Take(context), nonce: "n1", guardPrerender: false)!
                .WriteTo(TextWriter.Null, HtmlEncoder.Default);
        }
    }
}
