namespace Kameleoon.Hybrid.Settings;

/// <summary>Which variations appear on the telemetry of requests that the framework has already.</summary>
public sealed class KameleoonTelemetryOptions
{
    /// <summary>The keys of flags whose variation becomes the tag <c>kameleoon.flag.{key}</c> of
    /// <c>http.server.request.duration</c> and of the request's activity, with an event
    /// <c>feature_flag.evaluation</c>. Compared ordinally. Default none; at most 8.</summary>
    /// <remarks>Each variation of each flag multiplies the time series of the metric. Name flags while you watch them.</remarks>
    public IList<string> Flags { get; } = [];

    /// <summary>Whether log lines of a request have the variations of <see cref="Flags"/> in their scope. Default false.
    /// </summary>
    public bool LogScope { get; set; }
}
