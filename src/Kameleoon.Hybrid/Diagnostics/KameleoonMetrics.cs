using System.Diagnostics.Metrics;
using Kameleoon.Hybrid.Decisions;

namespace Kameleoon.Hybrid;

/// <summary>The meter <c>Kameleoon.Hybrid</c>. Nothing is computed while nobody listens.</summary>
internal sealed class KameleoonMetrics
{
    internal const string MeterName = "Kameleoon.Hybrid";

    private readonly Counter<long> _decisions;
    private readonly Counter<long> _refreshes;
    private readonly Counter<long> _sent;
    private readonly Counter<long> _dropped;
    private readonly Counter<long> _refusedCodes;

    public KameleoonMetrics(IMeterFactory meters)
    {
        var meter = meters.Create(MeterName);
        _decisions = meter.CreateCounter<long>("kameleoon.decisions", "{evaluation}", "Flags decided.");
        _refreshes = meter.CreateCounter<long>("kameleoon.configuration.refreshes", "{refresh}",
            "Data files applied, and attempts that failed.");
        _sent = meter.CreateCounter<long>("kameleoon.events.sent", "{event}", "Events the data API accepted.");
        _dropped = meter.CreateCounter<long>("kameleoon.events.dropped", "{event}", "Events given up, by reason.");
        _refusedCodes = meter.CreateCounter<long>("kameleoon.visitor_codes.refused", "{code}",
            "Visitor codes of requests that were replaced, by source.");
    }

    internal void Decided(string featureKey, Variation variation)
    {
        if (_decisions.Enabled)
        {
            _decisions.Add(
                1,
                new("feature_flag.key", featureKey),
                new("feature_flag.result.variant", variation.Key),
                new("feature_flag.result.reason", variation.Reason.ToString()));
        }
    }

    internal void ConfigurationRefreshed(string outcome) => _refreshes.Add(1, new KeyValuePair<string, object?>("outcome", outcome));

    internal void EventsSent(int count) => _sent.Add(count);

    internal void EventsDropped(int count, string reason) =>
        _dropped.Add(count, new KeyValuePair<string, object?>("reason", reason));

    internal void VisitorCodeRefused(string source) =>
        _refusedCodes.Add(1, new KeyValuePair<string, object?>("source", source));
}
