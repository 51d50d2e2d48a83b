using Kameleoon.Hybrid.Decisions;

namespace Kameleoon.Hybrid;

/// <summary>Counts decisions, puts them on the telemetry of their request, and publishes them to the listeners. Creates
/// nothing while there is none of these.</summary>
internal sealed class DecisionReport(KameleoonMetrics metrics, RequestTelemetry telemetry, ListenerFeed listeners)
{
    /// <summary>Whether there is any of these.</summary>
    internal bool IsOn => metrics.CountsDecisions || telemetry.IsOn || listeners.IsOn;

    /// <summary>Does the same for all decisions of a client outside of requests.</summary>
    internal void Decided(FlagDecisions all, string visitorCode, bool track)
    {
        foreach (ref readonly var decision in all.Enumerate())
        {
            if (decision is { IsDecided: true, Flag: { } flag })
            {
                Decided(flag.Key, flag, decision.Variation, visitorCode, track, request: null);
            }
        }
    }

    /// <param name="featureKey">The key that the application asked for.</param>
    /// <param name="flag">The flag, or null for a key that the data file does not have.</param>
    /// <param name="variation">The decided variation.</param>
    /// <param name="visitorCode">The visitor.</param>
    /// <param name="track">Whether the decision is tracked.</param>
    /// <param name="request">The visitor's request, or null outside of requests.</param>
    internal void Decided(
        string featureKey, FeatureFlag? flag, Variation variation, string visitorCode, bool track, VisitorRequest? request)
    {
        metrics.Decided(flag, variation);
        telemetry.Decided(request, featureKey, variation);
        if (listeners.IsOn)
        {
            listeners.Publish(new EvaluationEvent
            {
                Time = listeners.Now,
                SiteCode = listeners.SiteCode,
                VisitorCode = visitorCode,
                FeatureKey = featureKey,
                Variation = variation,
                IsTracked = track,
            });
        }
    }
}
