using Kameleoon.Hybrid.Decisions;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;

namespace Kameleoon.Hybrid;

/// <summary>Queues the events that were still waiting when their visitor was removed from memory, as far as the visitor's
/// consent allows.</summary>
internal sealed class ForgottenVisitorEvents(
    ConfigurationStore configuration,
    ReportedEvents events,
    TrackingLosses losses,
    KameleoonMetrics metrics,
    ILogger<ForgottenVisitorEvents> logger,
    IOptions<KameleoonOptions> options,
    TimeProvider clock)
    : IForgottenVisitorListener
{
    // Only the exposures of redirects wait for the visitor's next page.
    private const string Outcome = "redirect";

    private readonly bool _assumesNotRequired = options.Value.Consent.AssumeNotRequired;
    private readonly bool _reportsOnce = options.Value.ReportsExposuresOnce;

    public void OnForgotten(VisitorSnapshot known, VisitorRecord record)
    {
        var isRequired = configuration.DataFile?.ConsentRequired ?? !_assumesNotRequired;
        var isGiven = !isRequired || known.Consent == Consent.Given;
        foreach (var held in (ReadOnlySpan<TrackingEvent>)[.. known.Mapping?.TakeDue(clock) ?? [], .. known.Held])
        {
            if (isGiven || held.NeedsNoConsent)
            {
                events.Add(held);
            }
            else
            {
                losses.Skip(1, "consent");
            }
        }

        foreach (var carried in known.Carried)
        {
            if (!carried.IsElsewhere && carried.TryTake())
            {
                Report(carried, record, isGiven);
            }
        }
    }

    private void Report(CarriedExposure carried, VisitorRecord record, bool isGiven)
    {
        var (exposure, reported) = (carried.Exposure, carried.ToEvent());
        if (carried.IsAhead)
        {
            losses.Skip(1, "unseen");
        }
        else if (!isGiven && !reported.NeedsNoConsent)
        {
            losses.Skip(1, "consent");
        }
        else if (_reportsOnce && !record.TryReport(exposure.ExperimentId, exposure.VariationId))
        {
            losses.Skip(1, "repeated");
        }
        else
        {
            metrics.ExposureReported(Outcome);
            logger.ExposureReported(exposure.ExperimentId, exposure.VariationId, Outcome);
            events.Add(reported);
        }
    }
}
