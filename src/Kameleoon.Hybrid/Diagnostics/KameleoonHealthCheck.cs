using Microsoft.Extensions.Diagnostics.HealthChecks;
using Microsoft.Extensions.Options;

namespace Kameleoon.Hybrid;

/// <summary>Healthy with a current data file, degraded with a stale one, unhealthy without one.</summary>
internal sealed class KameleoonHealthCheck(
    IKameleoonConfiguration configuration,
    RefreshReport report,
    IOptions<KameleoonOptions> options) : IHealthCheck
{
    public Task<HealthCheckResult> CheckHealthAsync(
        HealthCheckContext context,
        CancellationToken cancellationToken = default)
    {
        var settings = options.Value;
        if (configuration.Age is not { } age)
        {
            return Task.FromResult(new HealthCheckResult(
                context.Registration.FailureStatus, Describe("There is no data file; flags are off.")));
        }

        var data = new Dictionary<string, object>(StringComparer.Ordinal)
        {
            ["version"] = configuration.Version!,
            ["source"] = configuration.Source.ToString()!,
            ["ageSeconds"] = Math.Round(age.TotalSeconds),
        };
        var isStale = age >= (settings.Configuration.StaleAfter ?? (2 * settings.RefreshInterval));
        return Task.FromResult(isStale
            ? HealthCheckResult.Degraded(Describe($"The data file was confirmed {age:c} ago."), data: data)
            : HealthCheckResult.Healthy(Describe("The data file is current."), data));
    }

    private string Describe(string state) =>
        $"Site {options.Value.SiteCode}. {state}{(report.Problem is { } problem ? " " + problem : "")}";
}
