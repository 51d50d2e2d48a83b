using Kameleoon.Hybrid;
using Microsoft.Extensions.Diagnostics.HealthChecks;

namespace Microsoft.Extensions.DependencyInjection;

/// <summary>Adds Kameleoon's health check.</summary>
public static class KameleoonHealthChecksBuilderExtensions
{
    /// <summary>Adds a check of the data file: healthy when current, degraded from
    /// <see cref="KameleoonConfigurationOptions.StaleAfter"/> on, and failed without one.</summary>
    /// <param name="builder">What <c>services.AddHealthChecks()</c> returned.</param>
    /// <param name="name">The check's name.</param>
    /// <param name="failureStatus">What it is called without a data file. Default: unhealthy. Pages are served then
    /// too, with flags off.</param>
    /// <param name="project">The name of the project, where the application has several. Default: the default one.</param>
    /// <param name="tags">Tags to filter by.</param>
    public static IHealthChecksBuilder AddKameleoonHybrid(
        this IHealthChecksBuilder builder,
        string name = "kameleoon",
        HealthStatus? failureStatus = null,
        string? project = null,
        params IEnumerable<string> tags)
    {
        ArgumentNullException.ThrowIfNull(builder);
        return builder.Add(new HealthCheckRegistration(
            name,
            services => ActivatorUtilities.CreateInstance<KameleoonHealthCheck>(
                project is null ? services : services.GetRequiredService<KameleoonProjects>().Get(project).Services),
            failureStatus,
            tags));
    }
}
