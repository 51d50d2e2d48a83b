using Microsoft.Extensions.Diagnostics.HealthChecks;
using Microsoft.Extensions.Options;

namespace Kameleoon.Hybrid;

/// <summary>Degraded while the visitors of an experiment do not fit its weights, new visitors do not get a variation, or engines use
/// other visitor codes than the server, with a sentence for each; else healthy.</summary>
internal sealed class TrustHealthCheck(
    IOptions<KameleoonOptions> options, TrustMonitor? monitor = null, IdentityComparisons? identity = null) : IHealthCheck
{
    /// <exception cref="InvalidOperationException">The experiments are not watched.</exception>
    public Task<HealthCheckResult> CheckHealthAsync(
        HealthCheckContext context,
        CancellationToken cancellationToken = default)
    {
        if (monitor is null || identity is null)
        {
            throw new InvalidOperationException(
                "Experiments are not watched. Call AddKameleoonTrust() on what builder.Services.AddKameleoonHybrid(…) returned.");
        }

        monitor.Look();
        var experiments = monitor.Experiments.ToArray();
        var withheld = experiments.SelectMany(static tally => tally.Guarded?.Sentences ?? []).ToArray();
        var mismatches = experiments.Select(TrustSentence.Of).OfType<string>().ToArray();
        var codes = identity.Look();
        string[] sentences = [.. mismatches, .. withheld, .. new[] { codes.Problem }.OfType<string>()];
        var data = new Dictionary<string, object>(StringComparer.Ordinal)
        {
            ["experiments"] = experiments.Length,
            ["alarms"] = mismatches.Length,
            ["withheld"] = withheld.Length,
            ["pages"] = codes.Pages,
            ["differingCodes"] = codes.Differed,
        };
        return Task.FromResult(sentences.Length > 0
            ? HealthCheckResult.Degraded($"Site {options.Value.SiteCode}. {string.Join(" ", sentences)}", data: data)
            : HealthCheckResult.Healthy($"Site {options.Value.SiteCode}. The visitors of all experiments fit their weights.", data));
    }
}
