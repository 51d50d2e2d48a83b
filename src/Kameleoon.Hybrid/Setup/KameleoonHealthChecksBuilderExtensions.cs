using System.Diagnostics.CodeAnalysis;
using Kameleoon.Hybrid;
using Microsoft.Extensions.Diagnostics.HealthChecks;

namespace Microsoft.Extensions.DependencyInjection;

/// <summary>Adds Kameleoon's health check.</summary>
public static class KameleoonHealthChecksBuilderExtensions
{
    /// <summary>Adds a check of the data file: healthy when current, degraded from
    /// <see cref="KameleoonConfigurationOptions.StaleAfter"/> on or while a store of visitor links or of shared sessions cannot
    /// be reached, and failed without a data file or while the file of a store has to be repaired.</summary>
    /// <param name="builder">What <c>services.AddHealthChecks()</c> returned.</param>
    /// <param name="name">The check's name.</param>
    /// <param name="failureStatus">The status of a failure. Default: unhealthy. Pages are then still served, without a data
    /// file with flags off.</param>
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
        return builder.Add(project, name, failureStatus, tags, typeof(KameleoonHealthCheck));
    }

    /// <summary>Adds a check of tracking: degraded while events wait for longer than
    /// <see cref="KameleoonTrackingOptions.DegradedAfter"/>, in memory or in the outbox; unhealthy only while the
    /// outbox's file has to be repaired, as pages do not depend on it.</summary>
    /// <param name="builder">What <c>services.AddHealthChecks()</c> returned.</param>
    /// <param name="name">The check's name.</param>
    /// <param name="project">The name of the project, where the application has several. Default: the default one.</param>
    /// <param name="tags">Tags to filter by.</param>
    public static IHealthChecksBuilder AddKameleoonTracking(
        this IHealthChecksBuilder builder,
        string name = "kameleoon-tracking",
        string? project = null,
        params IEnumerable<string> tags)
    {
        ArgumentNullException.ThrowIfNull(builder);
        return builder.Add(project, name, failureStatus: null, tags, typeof(TrackingHealthCheck));
    }

    /// <summary>Adds a check of the experiments: degraded while the visitors of one do not fit its weights, with a sentence that
    /// says where the mismatch begins. It needs <c>AddKameleoonTrust()</c> on what <c>AddKameleoonHybrid</c> returned, and is
    /// unhealthy only without it, as pages do not depend on it.</summary>
    /// <param name="builder">What <c>services.AddHealthChecks()</c> returned.</param>
    /// <param name="name">The check's name.</param>
    /// <param name="project">The name of the project, where the application has several. Default: the default one.</param>
    /// <param name="tags">Tags to filter by.</param>
    public static IHealthChecksBuilder AddKameleoonTrust(
        this IHealthChecksBuilder builder,
        string name = "kameleoon-trust",
        string? project = null,
        params IEnumerable<string> tags)
    {
        ArgumentNullException.ThrowIfNull(builder);
        return builder.Add(project, name, failureStatus: null, tags, typeof(TrustHealthCheck));
    }

    private static IHealthChecksBuilder Add(
        this IHealthChecksBuilder builder,
        string? project,
        string name,
        HealthStatus? failureStatus,
        IEnumerable<string> tags,
        [DynamicallyAccessedMembers(DynamicallyAccessedMemberTypes.PublicConstructors)] Type check) =>
        builder.Add(new HealthCheckRegistration(
            name,
            services => (IHealthCheck)ActivatorUtilities.CreateInstance(
                project is null ? services : services.GetRequiredService<KameleoonProjects>().Get(project).Services, check),
            failureStatus,
            tags));
}
