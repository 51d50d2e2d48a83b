using System.Globalization;

namespace Kameleoon.Hybrid;

/// <summary>Says in one sentence what is wrong with an experiment.</summary>
internal static class TrustSentence
{
    /// <summary>Returns the sentence of an experiment with an alarm, else null.</summary>
    internal static string? Of(ExperimentTally tally)
    {
        if (tally.Alarmed is not { Tests: { Origin: { } stage, AlarmedSince: { } since } } window)
        {
            return null;
        }

        var (version, rates) = (tally.Version, RatesOf(window, stage, tally.Version.Weights));
        var (least, most) = (Array.IndexOf(rates, rates.Min()), Array.IndexOf(rates, rates.Max()));
        var fewer = Math.Max(1, Math.Round(100 * (1 - (rates[least] / rates[most]))));
        return string.Create(CultureInfo.InvariantCulture,
            $"{version.FlagKey}: {fewer} % fewer {NounOf(stage)} for {version.Keys[least]} than for {version.Keys[most]} since {TimeOf(since, window)}; {ReasonOf(tally, stage, least)}.");
    }

    /// <summary>Returns the name of a stage in metrics and in the report.</summary>
    internal static string NameOf(VisitorStages stage) => stage switch
    {
        VisitorStages.Decided => "decided",
        VisitorStages.Completed => "completed",
        VisitorStages.Handed => "handed",
        VisitorStages.Unreached => "unreached",
        VisitorStages.Reported => "reported",
        _ => "converted",
    };

    /// <summary>Returns the name of an outcome in metrics and in the report.</summary>
    internal static string NameOf(ExposureOutcome outcome) => outcome switch
    {
        ExposureOutcome.Ok => "ok",
        ExposureOutcome.Redirect => "redirect",
        ExposureOutcome.Error => "error",
        ExposureOutcome.Aborted => "aborted",
        _ => "prefetch",
    };

    // What reached the stage, over what the weights promise. A page acknowledges what it does not report as unreached.
    private static double[] RatesOf(StageWindow window, VisitorStages stage, double[] weights)
    {
        var counts = window.Read(stage);
        var rates = new double[counts.Length];
        var handed = stage == VisitorStages.Unreached ? window.Read(VisitorStages.Handed) : [];
        for (var i = 0; i < counts.Length; i++)
        {
            rates[i] = stage == VisitorStages.Unreached
                ? 1 - Math.Min(1, counts[i] / Math.Max(1.0, handed[i]))
                : counts[i] / weights[i];
        }

        return rates.Max() > 0 ? rates : [.. rates.Select(static _ => 1.0)];
    }

    private static string NounOf(VisitorStages stage) => stage switch
    {
        VisitorStages.Decided => "visitors",
        VisitorStages.Completed => "complete responses",
        VisitorStages.Handed => "exposures handed to the engine",
        VisitorStages.Unreached => "acknowledgements",
        _ => "reported exposures",
    };

    private static string ReasonOf(ExperimentTally tally, VisitorStages stage, int least) => stage switch
    {
        VisitorStages.Decided =>
            "the decisions do not follow the weights: look for code that decides for one variation only, or visitors whose code changes",
        VisitorStages.Completed when tally.Read(ExposureOutcome.Error)[least] >= tally.Read(ExposureOutcome.Aborted)[least] =>
            $"the responses of {tally.Version.Keys[least]} fail",
        VisitorStages.Completed => $"visitors leave before the responses of {tally.Version.Keys[least]} are complete",
        VisitorStages.Handed => $"the pages of {tally.Version.Keys[least]} have no tracking tag, or it comes before the decision",
        VisitorStages.Unreached => $"the pages of {tally.Version.Keys[least]} end before the engine runs",
        _ => $"exposures of {tally.Version.Keys[least]} are dropped before they are reported",
    };

    private static string TimeOf(DateTimeOffset since, StageWindow window) => since.UtcDateTime.Date == window.Started.UtcDateTime.Date
        ? since.ToString("HH:mm 'UTC'", CultureInfo.InvariantCulture)
        : since.ToString("yyyy-MM-dd HH:mm 'UTC'", CultureInfo.InvariantCulture);
}
