using System.Diagnostics;

namespace Kameleoon.Hybrid;

/// <summary>The activity source <c>Kameleoon.Hybrid</c>: activities of background work. They are the parents of HTTP
/// requests, which the framework traces itself.</summary>
/// <remarks>Decisions are counted and not traced: an activity costs more than a decision.</remarks>
internal sealed class KameleoonActivities : IDisposable
{
    private readonly ActivitySource _source = new(KameleoonMetrics.MeterName);

    public void Dispose() => _source.Dispose();

    internal Activity? Refresh(string siteCode) => Start("kameleoon.configuration.refresh", siteCode);

    internal Activity? Send(string siteCode, int events) =>
        Start("kameleoon.events.send", siteCode)?.SetTag("kameleoon.event.count", events);

    internal static void Refreshed(Activity? activity, string version, string outcome) => activity?
        .SetTag("feature_flag.version", version)
        .SetTag("kameleoon.outcome", outcome);

    internal static void Failed(Activity? activity, string errorType, string problem) => activity?
        .SetTag(ErrorType.Tag, errorType)
        .SetStatus(ActivityStatusCode.Error, problem);

    // A trace of its own, because the activity that was current at the application's start is unrelated.
    private Activity? Start(string name, string siteCode) => _source.HasListeners()
        ? _source.StartActivity(
            ActivityKind.Internal, parentContext: default, tags: [new(KameleoonMetrics.SetId, siteCode)], name: name)
        : null;
}
