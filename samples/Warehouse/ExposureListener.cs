using System.Globalization;
using System.Text.Json;
using Kameleoon.Hybrid.Listeners;

namespace Warehouse;

/// <summary>Copies exposures to the topic.</summary>
/// <remarks>The key is the same for the same visitor, experiment and variation. A compacted topic keeps one message for each,
/// and a table with this primary key has no duplicates.</remarks>
public sealed class ExposureListener(IExposureTopic topic) : IKameleoonListener
{
    public ValueTask OnExposureAsync(ExposureEvent exposure, CancellationToken cancellationToken) => topic.AddAsync(
        new TopicMessage(KeyOf(exposure), JsonSerializer.Serialize(exposure, JsonSerializerOptions.Web), exposure.Time),
        cancellationToken);

    private static string KeyOf(ExposureEvent exposure) => string.Create(
        CultureInfo.InvariantCulture,
        $"{exposure.SiteCode}/{exposure.VisitorCode}/{exposure.ExperimentId}/{exposure.VariationId}");
}
