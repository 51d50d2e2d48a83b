using Kameleoon.Hybrid.Decisions;
using Microsoft.Extensions.Options;

namespace Kameleoon.Hybrid;

/// <summary>Queues the events that were still waiting when their visitor was removed from memory, as far as the visitor's
/// consent allows.</summary>
internal sealed class ForgottenVisitorEvents(
    ConfigurationStore configuration, ReportedEvents events, TrackingLosses losses, IOptions<KameleoonOptions> options)
    : IForgottenVisitorListener
{
    private readonly bool _assumesNotRequired = options.Value.Consent.AssumeNotRequired;

    public void OnForgotten(VisitorSnapshot known)
    {
        var isRequired = configuration.DataFile?.ConsentRequired ?? !_assumesNotRequired;
        var isGiven = !isRequired || known.Consent == Consent.Given;
        foreach (var held in known.Held)
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
    }
}
