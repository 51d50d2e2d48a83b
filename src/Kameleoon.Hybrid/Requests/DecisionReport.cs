using Kameleoon.Hybrid.Decisions;

namespace Kameleoon.Hybrid;

/// <summary>Counts decisions and publishes them to the listeners. Creates nothing while there are none.</summary>
internal sealed class DecisionReport(KameleoonMetrics metrics, ListenerFeed listeners)
{
    /// <param name="featureKey">The key that the application asked for.</param>
    /// <param name="flag">The flag, or null for a key that the data file does not have.</param>
    /// <param name="variation">The decided variation.</param>
    /// <param name="visitorCode">The visitor.</param>
    /// <param name="track">Whether the decision is tracked.</param>
    internal void Decided(string featureKey, FeatureFlag? flag, Variation variation, string visitorCode, bool track)
    {
        metrics.Decided(flag, variation);
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
