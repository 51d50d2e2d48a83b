using Microsoft.Extensions.Diagnostics.HealthChecks;
using Microsoft.Extensions.Options;

namespace Kameleoon.Hybrid;

/// <summary>Healthy with a current data file; degraded with a stale one, or when a store of the application cannot be
/// reached; unhealthy without a data file, or when a store has to be repaired.</summary>
internal sealed class KameleoonHealthCheck(
    IKameleoonConfiguration configuration,
    FarmDataFileSource farm,
    RefreshReport report,
    VisitorLinks links,
    DeferredLinks deferred,
    SharedSessionAccess sessions,
    VisitorCodeWarnings visitorCodes,
    IOptions<KameleoonOptions> options) : IHealthCheck
{
    public async Task<HealthCheckResult> CheckHealthAsync(
        HealthCheckContext context,
        CancellationToken cancellationToken = default)
    {
        if (links.Problem is not null)
        {
            await links.AnswersAsync(cancellationToken);
        }

        var settings = options.Value;
        if (configuration.Age is not { } age)
        {
            return new HealthCheckResult(
                context.Registration.FailureStatus, Describe("There is no data file; flags are off."));
        }

        var data = new Dictionary<string, object>(StringComparer.Ordinal)
        {
            ["version"] = configuration.Version!,
            ["source"] = configuration.Source.ToString()!,
            ["ageSeconds"] = Math.Round(age.TotalSeconds),
        };
        if (farm.Description is { } fetching)
        {
            data["farm"] = fetching;
        }

        if (visitorCodes.PairHost is { } host)
        {
            data["duplicateCookie"] = $"Browsers send the cookie kameleoonVisitorCode twice to {host}, with the same code. Set "
                + $"Kameleoon:Cookie:Domain to the registrable domain of {host}.";
        }

        var isStale = age >= (settings.Configuration.StaleAfter ?? (2 * settings.RefreshInterval));
        if (links.Problem is { } problem)
        {
            data["waitingLinks"] = deferred.Count;
            return new HealthCheckResult(
                links.IsUnusable ? context.Registration.FailureStatus : HealthStatus.Degraded,
                Describe($"Visitor links cannot be read or written, so browsers keep their own visitor codes. {problem}"), data: data);
        }

        if (sessions.Problem is { } unshared)
        {
            return new HealthCheckResult(
                sessions.IsUnusable ? context.Registration.FailureStatus : HealthStatus.Degraded,
                Describe($"Sessions cannot be shared, so each server knows its own visitors only. {unshared}"), data: data);
        }

        return isStale
            ? HealthCheckResult.Degraded(Describe($"The data file was confirmed {age:c} ago."), data: data)
            : HealthCheckResult.Healthy(Describe("The data file is current."), data);
    }

    private string Describe(string state) =>
        $"Site {options.Value.SiteCode}. {state}{(report.Problem is { } problem ? " " + problem : "")}";
}
