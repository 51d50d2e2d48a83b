using System.Globalization;
using Kameleoon.Hybrid.Decisions;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;

namespace Kameleoon.Hybrid;

/// <summary>How the inspector of a page changes variations: by the overrides endpoint where it is mapped, else by the
/// simulation cookie where that is allowed, else not at all.</summary>
/// <param name="Endpoint">The path of the overrides endpoint, or null.</param>
/// <param name="UsesCookie">Whether a script writes the simulation cookie.</param>
/// <param name="Expires">When the signed override of the browser ends, or null without one.</param>
internal sealed record InspectorSwitch(string? Endpoint, bool UsesCookie, DateTimeOffset? Expires)
{
    /// <summary>The name of the overrides endpoint in the routes.</summary>
    internal const string EndpointName = "KameleoonOverrides";

    private const string DefaultIds = """{"expId":0}""";

    internal bool IsPossible => Endpoint is not null || UsesCookie;

    internal static InspectorSwitch Of(HttpContext context, OverrideCookie overrides, SimulationCookie simulation)
    {
        var endpoint = overrides.IsEnabled
            ? context.RequestServices.GetService<LinkGenerator>()?.GetPathByName(context, EndpointName)
            : null;
        return new InspectorSwitch(
            endpoint,
            endpoint is null && simulation.IsAllowed,
            overrides.FindOfProject(context.Request)?.Expires);
    }

    /// <summary>Returns the value of the simulation cookie for a variation, or null where the cookie cannot name it.</summary>
    internal static string? IdsOf(FeatureFlag flag, string variationKey)
    {
        if (string.Equals(variationKey, flag.DefaultVariationKey, StringComparison.Ordinal))
        {
            return DefaultIds;
        }

        return flag.Rules.Select(rule => rule.Variations.GetValueOrDefault(variationKey))
            .FirstOrDefault(static found => found is { Id: not null, ExperimentId: not null }) is { } variation
            ? string.Create(CultureInfo.InvariantCulture, $"{{\"expId\":{variation.ExperimentId},\"varId\":{variation.Id}}}")
            : null;
    }
}
