using Kameleoon.Hybrid.Decisions;
using Microsoft.Extensions.Logging;

namespace Kameleoon.Hybrid;

/// <summary>Lets events through to the queue as far as their visitor's consent allows.</summary>
/// <remarks>
/// What an undecided visitor did waits with what is known of the visitor, and leaves once consent is given. After a
/// refusal nothing waits: it would be reported although it happened while the answer was no.
/// </remarks>
internal sealed class ConsentGate(
    VisitorStore visitors,
    TrackingQueue queue,
    KameleoonMetrics metrics,
    ILogger<ConsentGate> logger)
{
    private const string Reason = "consent";

    /// <summary>What consent a decision or event of a visitor is under.</summary>
    internal Consent Of(string visitorCode, DataFile dataFile) => dataFile.ConsentRequired
        ? visitors.Find(visitorCode)?.Record.Known.Consent ?? Consent.Unknown
        : Consent.Given;

    /// <summary>Keeps a visitor's answer for as long as the visitor is kept, and does with what waited as it says.
    /// </summary>
    internal void Set(string visitorCode, Consent consent)
    {
        var before = visitors.Update(visitorCode, consent, static (known, answer) => known.With(answer));
        if (consent != Consent.Given)
        {
            Drop(before.Held.Length);
            return;
        }

        foreach (var held in before.Held)
        {
            queue.Add(held);
        }
    }

    /// <summary>Queues an event, keeps it until the visitor answers, or drops it.</summary>
    /// <param name="trackingEvent">The event.</param>
    /// <param name="dataFile">Says whether consent is required, or null before the first.</param>
    internal void Report(in TrackingEvent trackingEvent, DataFile? dataFile)
    {
        if (dataFile is not { ConsentRequired: true })
        {
            queue.Add(trackingEvent);
            return;
        }

        switch (Of(trackingEvent.VisitorCode, dataFile))
        {
            case Consent.Given:
                queue.Add(trackingEvent);
                break;
            case Consent.Unknown when TryHold(trackingEvent):
                break;
            default:
                Drop(1);
                break;
        }
    }

    internal void Drop(int count)
    {
        if (count > 0)
        {
            metrics.EventsDropped(count, Reason);
            logger.EventsWithheld(count, Reason);
        }
    }

    private bool TryHold(TrackingEvent trackingEvent)
    {
        var before = visitors.Update(
            trackingEvent.VisitorCode, trackingEvent, static (known, added) => known.Holding(added));
        if (before.Consent == Consent.Given)
        {
            // The answer came in between.
            queue.Add(trackingEvent);
            return true;
        }

        return before.CanHold;
    }
}
