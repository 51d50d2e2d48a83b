using Microsoft.Extensions.Diagnostics.HealthChecks;
using Microsoft.Extensions.Options;

namespace Kameleoon.Hybrid;

/// <summary>Healthy while the platform accepts events; degraded when events have waited for longer than
/// <c>Tracking:DegradedAfter</c>; unhealthy when the outbox has to be repaired.</summary>
internal sealed class TrackingHealthCheck(
    TrackingRound round,
    PacedPost post,
    TrackingQueue queue,
    OutboxKeeper outbox,
    IOptions<KameleoonOptions> options) : IHealthCheck
{
    public Task<HealthCheckResult> CheckHealthAsync(
        HealthCheckContext context,
        CancellationToken cancellationToken = default)
    {
        var age = round.OldestAge;
        var data = new Dictionary<string, object>(StringComparer.Ordinal)
        {
            ["eventsInMemory"] = queue.Count,
            ["eventsInOutbox"] = outbox.Backlog?.EventCount ?? 0,
            ["oldestSeconds"] = Math.Round(age.TotalSeconds),
        };
        if (outbox.UnusableBecause is { } unusable)
        {
            return Task.FromResult(new HealthCheckResult(
                context.Registration.FailureStatus,
                $"Site {options.Value.SiteCode}. Events cannot be stored. {unusable}",
                data: data));
        }

        var problem = post.Problem is { } said ? " " + said : "";
        return Task.FromResult(age >= options.Value.Tracking.DegradedAfter
            ? HealthCheckResult.Degraded($"Site {options.Value.SiteCode}. Events wait since {age:c}.{problem}", data: data)
            : HealthCheckResult.Healthy($"Site {options.Value.SiteCode}. Events are sent.{problem}", data));
    }
}
