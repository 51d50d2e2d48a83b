using System.Text.Encodings.Web;

namespace Kameleoon.Hybrid.Tests;

/// <summary>What a page with a decision costs more with trust on.</summary>
public sealed class TrustMemoryTests
{
    private const int Pages = 500;
    private const long Most = 100;

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task A_page_with_a_decision_allocates_at_most_100_bytes_more(bool isGuarded)
    {
        await using var off = await ArmsSite.StartAsync();
        await using var on = await ArmsSite.StartAsync(
            kameleoon: kameleoon => kameleoon.AddKameleoonTrust(trust => trust.Guard.Enabled = isGuarded));
        long without = long.MaxValue, with = long.MaxValue;

        // Code that is not optimized yet allocates more, and a busy machine takes its time with it.
        await Eventually.IsTrueAsync(
            () =>
            {
                without = Math.Min(without, Measure(off.Site.App));
                with = Math.Min(with, Measure(on.Site.App));
                return with <= without + Most;
            },
            () => $"{with} bytes with trust, {without} without");
    }

    [Fact]
    public async Task A_visitor_that_is_counted_again_takes_no_memory()
    {
        await using var site = await ArmsSite.StartAsync(kameleoon: static kameleoon => kameleoon.AddKameleoonTrust());
        var monitor = site.Site.App.Services.GetRequiredService<TrustMonitor>();
        long bytes = 0;

        await Eventually.IsTrueAsync(
            () =>
            {
                var before = GC.GetAllocatedBytesForCurrentThread();
                for (var i = 0; i < Pages; i++)
                {
                    monitor.Count("anna", 7001, 1001, VisitorStages.Decided | VisitorStages.Handed);
                    monitor.Count(7001, 1001, ExposureOutcome.Ok);
                }

                return (bytes = GC.GetAllocatedBytesForCurrentThread() - before) == 0;
            },
            () => $"{bytes} bytes");
        monitor.Experiments.First().Window!.Read(VisitorStages.Handed).Sum().ShouldBe(1);
    }

    private static long Measure(WebApplication app)
    {
        var tag = app.Services.GetRequiredService<TrackingTag>();
        var visitors = app.Services.GetRequiredService<RequestVisitorFactory>();
        var contexts = Enumerable.Range(0, Pages).Select(_ => new DefaultHttpContext { RequestServices = app.Services }).ToArray();
        var before = GC.GetAllocatedBytesForCurrentThread();
        foreach (var context in contexts)
        {
            var visitor = visitors.Create(context, new ResolvedVisitorCode("someone", VisitorCodeSource.Cookie, InCookie: true));
            context.Features.Set(visitor);
            visitor.Client.GetVariation("flag0");
            tag.Create(context, tag.Take(context), nonce: "n1", guardPrerender: false)!.WriteTo(TextWriter.Null, HtmlEncoder.Default);
            visitor.Client.Complete(new ExposureDisposition(ResponseOutcome.Page), isShared: true);
        }

        return (GC.GetAllocatedBytesForCurrentThread() - before) / Pages;
    }
}
