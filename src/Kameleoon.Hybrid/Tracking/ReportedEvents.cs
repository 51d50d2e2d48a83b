namespace Kameleoon.Hybrid;

/// <summary>Queues the events that the server reports, and publishes exposures and conversions to the listeners.</summary>
internal sealed class ReportedEvents(TrackingQueue queue, ListenerFeed listeners, TrustMonitor? trust = null)
{
    internal void Add(in TrackingEvent reported)
    {
        queue.Add(reported);
        Added(reported);
    }

    /// <summary>Adds the exposures of one call at once.</summary>
    internal void AddAll(in EventOrigin origin, ReadOnlySpan<Exposure> exposures)
    {
        queue.AddAll(origin, exposures);
        if (trust is null && !listeners.IsOn)
        {
            return;
        }

        foreach (ref readonly var exposure in exposures)
        {
            Added(TrackingEvent.Exposure(origin, exposure));
        }
    }

    private void Added(in TrackingEvent reported)
    {
        if (reported.Kind == TrackingEventKind.Exposure)
        {
            trust?.Count(reported.Origin.VisitorCode, reported.Id, reported.VariationId, VisitorStages.Reported);
        }

        if (listeners.IsOn)
        {
            Publish(reported);
        }
    }

    private void Publish(in TrackingEvent reported)
    {
        if (reported.Kind == TrackingEventKind.Exposure)
        {
            listeners.Publish(new ExposureEvent
            {
                Time = listeners.Now,
                SiteCode = listeners.SiteCode,
                VisitorCode = reported.Origin.VisitorCode,
                ExperimentId = reported.Id,
                VariationId = reported.VariationId,
                Owner = ExposureOwner.Server,
            });
        }
        else if (reported.Data is Conversion conversion)
        {
            listeners.Publish(new ConversionEvent
            {
                Time = listeners.Now,
                SiteCode = listeners.SiteCode,
                VisitorCode = reported.Origin.VisitorCode,
                GoalId = conversion.GoalId,
                Revenue = conversion.Revenue,
                Negative = conversion.Negative,
                Id = conversion.Id,
                Metadata = MetadataOf(conversion),
            });
        }
    }

    private static Dictionary<int, IReadOnlyList<string>> MetadataOf(Conversion conversion)
    {
        var metadata = new Dictionary<int, IReadOnlyList<string>>();
        foreach (var slot in conversion.Metadata)
        {
            if (slot.Index is { } index)
            {
                metadata.TryAdd(index, slot.Values);
            }
        }

        return metadata;
    }
}
