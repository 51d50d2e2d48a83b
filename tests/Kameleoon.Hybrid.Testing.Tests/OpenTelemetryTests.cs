using System.Diagnostics;
using Kameleoon.Hybrid.Tests;
using Microsoft.AspNetCore.Mvc.Testing;
using Microsoft.AspNetCore.TestHost;
using Microsoft.Extensions.DependencyInjection;
using OpenTelemetry.Metrics;
using OpenTelemetry.Trace;

namespace Kameleoon.Hybrid.Testing.Tests;

/// <summary>The lines of docs/observability.md with the real OpenTelemetry SDK, which exports to a list.</summary>
public sealed class OpenTelemetryTests
{
    [Fact]
    public async Task A_request_is_exported_with_its_variation_and_the_library_s_own_metrics()
    {
        var metrics = new List<MetricSnapshot>();
        var traces = new List<Activity>();
        await using var plain = new WebApplicationFactory<Program>();
        await using var site = plain.WithKameleoonSandbox("flags.json").WithWebHostBuilder(host => host
            .UseSetting("Kameleoon:Telemetry:Flags:0", "shipping")
            .ConfigureTestServices(services => services.AddOpenTelemetry()
                .WithMetrics(builder => builder
                    .AddMeter("Microsoft.AspNetCore.Hosting", "System.Net.Http", "Kameleoon.Hybrid")
                    .AddInMemoryExporter(metrics))
                .WithTracing(builder => builder
                    .AddAspNetCoreInstrumentation()
                    .AddSource("Kameleoon.Hybrid")
                    .AddInMemoryExporter(traces))));
        await site.ChangeAsync(static sandbox => sandbox.ForceVariation("shipping", "free"));
        using var visitor = site.CreateClientOf("watched");

        await visitor.GetStringAsync(new Uri("/shipping", UriKind.Relative));

        // The request ends after its last byte has arrived.
        await Eventually.IsTrueAsync(() =>
        {
            metrics.Clear();
            site.Services.GetRequiredService<MeterProvider>().ForceFlush();
            return TagsOf("http.server.request.duration").Contains(new("kameleoon.flag.shipping", "free"));
        });
        site.Services.GetRequiredService<TracerProvider>().ForceFlush();

        TagsOf("kameleoon.decisions").ShouldContain(new KeyValuePair<string, object?>("feature_flag.key", "shipping"));
        traces.ShouldContain(static trace => trace.Events.Any(static one => one.Name == "feature_flag.evaluation"));

        IEnumerable<KeyValuePair<string, object?>> TagsOf(string name)
        {
            foreach (var point in metrics.Where(metric => metric.Name == name).SelectMany(static metric => metric.MetricPoints))
            {
                foreach (var tag in point.Tags)
                {
                    yield return tag;
                }
            }
        }
    }
}
