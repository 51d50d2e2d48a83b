using Kameleoon.Hybrid.Decisions;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;

namespace Kameleoon.Hybrid;

/// <summary>Decides which exposures the server reports, and counts them.</summary>
internal sealed class ExposurePolicy(
    VisitorStore visitors,
    KameleoonMetrics metrics,
    ListenerFeed listeners,
    SeenReports seen,
    ILogger<ExposurePolicy> logger,
    IOptions<KameleoonOptions> options,
    TrustMonitor? trust = null,
    VariationGuard? guard = null)
{
    private readonly bool _reportsOnce = options.Value.ReportsExposuresOnce;

    /// <summary>The guard of variations, or null if it is off.</summary>
    internal VariationGuard? Guard { get; } = guard is { Options.Enabled: true } ? guard : null;

    /// <summary>Whether the engine, the server or both report the exposures of pages.</summary>
    internal ExposureOwner Owner { get; } = options.Value.ExposureBy;

    /// <summary>Whether the server reports an exposure once in a session.</summary>
    internal bool ReportsOnce => _reportsOnce;

    /// <summary>Marks an exposure as reported by the server.</summary>
    /// <returns>False if the server must not report it: it was reported before in the visitor's session, by the server or
    /// by the engine.</returns>
    internal bool TryMarkReported(VisitorSession? session, in Exposure exposure) =>
        !_reportsOnce
        || session?.Record.TryReport(exposure.ExperimentId, exposure.VariationId) != false;

    /// <summary>Marks an exposure as reported by the server, because the page reports that the engine did not run.</summary>
    /// <param name="visitorCode">The visitor.</param>
    /// <param name="exposure">The exposure.</param>
    /// <param name="page">The number of the page, or 0 where the server reports once a session.</param>
    /// <returns>False if the server reported it before in the visitor's session, or for this page.</returns>
    internal bool TryMarkReportedByPage(string visitorCode, in Exposure exposure, int page)
    {
        if (!_reportsOnce)
        {
            return seen.TryAdd(SeenReports.KeyOf(visitorCode, exposure, page));
        }

        // Another server may have decided for the page.
        using var use = visitors.GetOrCreateInUse(visitorCode);
        var session = use.Session!;
        var known = session.Record.FindVariation(exposure.ExperimentId);
        if (known is null)
        {
            visitors.Save(session, exposure.ExperimentId, exposure.VariationId);
        }

        return known is null || known == exposure.VariationId
            ? session.Record.TryReport(exposure.ExperimentId, exposure.VariationId, evenIfEngines: true)
            : seen.TryAdd(SeenReports.KeyOf(visitorCode, exposure, page: 0));
    }

    /// <summary>Notes that the engine reports an exposure.</summary>
    internal void MarkEngines(VisitorSession? session, ExposureEntry entry)
    {
        if (_reportsOnce
            && session?.Record.SetEngines(entry.Exposure.ExperimentId, entry.Exposure.VariationId, isEngines: true) == true)
        {
            entry.NoteMarked();
        }
    }

    /// <summary>Notes that the engine does not report an exposure after all. An earlier page that passed it to the engine keeps
    /// its mark.</summary>
    internal static void UnmarkEngines(VisitorSession? session, ExposureEntry entry)
    {
        if (entry.HasMarked)
        {
            session?.Record.SetEngines(entry.Exposure.ExperimentId, entry.Exposure.VariationId, isEngines: false);
        }
    }

    /// <summary>Counts the response of an exposure, and publishes the exposure to the listeners if the engine owns it when the
    /// response is complete.</summary>
    /// <param name="visitorCode">The visitor.</param>
    /// <param name="entry">The exposure.</param>
    /// <param name="disposition">How the exposures of the response are handled.</param>
    /// <param name="decidedAt">When the first flag was decided, by the guard's clock; 0 if that is not known.</param>
    internal void Completed(string visitorCode, ExposureEntry entry, in ExposureDisposition disposition, int decidedAt)
    {
        if (trust is not null && entry.IsTracked)
        {
            Count(trust, visitorCode, entry, disposition, decidedAt);
        }

        if (listeners.IsOn && entry.IsOwnedByEngine && entry.TryPublish())
        {
            listeners.Publish(new ExposureEvent
            {
                Time = listeners.Now,
                SiteCode = listeners.SiteCode,
                VisitorCode = visitorCode,
                ExperimentId = entry.Exposure.ExperimentId,
                VariationId = entry.Exposure.VariationId,
                Owner = ExposureOwner.Engine,
            });
        }
    }

    /// <summary>Notes that the engine does not report an exposure after all, because a script left the page before its tag
    /// ran.</summary>
    /// <remarks>Nothing tells whether the engine ran before the script left. Each one that did is reported twice.</remarks>
    internal void TakenBack(string visitorCode, VisitorSession? session, ExposureEntry entry)
    {
        trust?.Count(visitorCode, entry.Exposure.ExperimentId, entry.Exposure.VariationId, VisitorStages.Unreached);
        UnmarkEngines(session, entry);
        metrics.ExposureTakenBack();
    }

    /// <summary>Leaves a visitor out of the tests of an experiment, because the application forced the variation.</summary>
    internal void Exclude(string visitorCode, long experimentId) => trust?.Exclude(visitorCode, experimentId);

    /// <summary>Counts a tracked decision of a bot for each experiment of the flag.</summary>
    internal void DecidedForBot(FeatureFlag? flag)
    {
        if (trust is null || flag is null)
        {
            return;
        }

        foreach (var rule in flag.Rules)
        {
            trust.CountBot(rule.ExperimentId);
        }
    }

    /// <summary>Counts a conversion of a visitor for each experiment in which the visitor was exposed.</summary>
    internal void Converted(string visitorCode, VisitorSession? session)
    {
        if (trust is null || session is null)
        {
            return;
        }

        foreach (ref readonly var saved in session.Record.Assignments.AsSpan())
        {
            if (saved.IsReported)
            {
                trust.Count(visitorCode, saved.ExperimentId, saved.VariationId, VisitorStages.Converted);
            }
        }
    }

    /// <summary>Counts an exposure that the server reports.</summary>
    internal void Reported(string visitorCode, in Exposure exposure, ResponseOutcome outcome) =>
        Reported(visitorCode, new ReadOnlySpan<Exposure>(in exposure), outcome);

    /// <summary>Counts exposures that the server reports.</summary>
    internal void Reported(string visitorCode, ReadOnlySpan<Exposure> exposures, ResponseOutcome outcome)
    {
        var name = ResponseOutcomes.NameOf(outcome);
        metrics.ExposureReported(name, exposures.Length);
        if (trust is null && !logger.IsEnabled(LogLevel.Debug))
        {
            return;
        }

        var stages = ExposureStages.OfReported(outcome, Owner == ExposureOwner.Engine);
        foreach (ref readonly var exposure in exposures)
        {
            trust?.Count(visitorCode, exposure.ExperimentId, exposure.VariationId, stages);
            logger.ExposureReported(exposure.ExperimentId, exposure.VariationId, name);
        }
    }

    // Only what the visitor waited for has a time that counts.
    private static void Guarded(
        TrustMonitor trust, VariationGuard on, string visitorCode, in Exposure exposure, in ExposureDisposition disposition, int decidedAt)
    {
        var isAborted = disposition.Outcome == ResponseOutcome.Aborted;
        var isTimed = decidedAt != 0
            && (isAborted || disposition.Outcome is ResponseOutcome.Page or ResponseOutcome.Complete or ResponseOutcome.Redirect);
        trust.Count(
            visitorCode,
            exposure.ExperimentId,
            exposure.VariationId,
            disposition.HasFailed,
            isTimed ? unchecked(on.Now - decidedAt) : null,
            isAborted);
    }

    private void Count(
        TrustMonitor trust, string visitorCode, ExposureEntry entry, in ExposureDisposition disposition, int decidedAt)
    {
        var exposure = entry.Exposure;
        if (ExposureStages.OutcomeOf(disposition) is { } outcome && entry.TryCountOutcome())
        {
            trust.Count(exposure.ExperimentId, exposure.VariationId, outcome);
            if (Guard is { } on && disposition.Discarded is null)
            {
                Guarded(trust, on, visitorCode, exposure, disposition, decidedAt);
            }
        }

        if (disposition.Discarded is null)
        {
            trust.Count(
                visitorCode,
                exposure.ExperimentId,
                exposure.VariationId,
                ExposureStages.OfCompleted(disposition.Outcome, entry.IsOwnedByEngine));
        }
    }
}
