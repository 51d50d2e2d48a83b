using Kameleoon.Hybrid.Decisions;
using Microsoft.Extensions.Options;

namespace Kameleoon.Hybrid;

/// <summary>Queues, holds or drops events according to their visitor's consent.</summary>
/// <remarks>
/// Events of a visitor who has not answered wait in memory with the visitor, and are queued once consent is given. After a
/// refusal no event waits: it would be reported although it happened while consent was refused. Before the first data file
/// it is unknown whether consent is required, so events wait. Conversions and targeted deliveries need no consent, as in the
/// official SDKs.
/// </remarks>
internal sealed class ConsentGate(
    VisitorStore visitors,
    ConfigurationStore configuration,
    ReportedEvents events,
    TrackingLosses losses,
    ReportMarks marks,
    IOptions<KameleoonOptions> options,
    TimeProvider clock)
{
    private readonly bool _assumesNotRequired = options.Value.Consent.AssumeNotRequired;

    /// <summary>Returns the visitor's answer, or <see cref="Consent.Given"/> where the data file requires none.</summary>
    internal Consent Of(string visitorCode, DataFile dataFile) => dataFile.ConsentRequired
        ? visitors.KnownOf(visitorCode)?.Consent ?? Consent.Unknown
        : Consent.Given;

    /// <summary>Whether an exposure is not reported because the visitor refused consent. Targeted deliveries need none.</summary>
    internal bool IsRefused(string visitorCode, in Exposure exposure, DataFile? dataFile) =>
        !exposure.IsTargetedDelivery && dataFile is not null && Of(visitorCode, dataFile) == Consent.Refused;

    /// <summary>Sets a visitor's answer, and queues or drops the events that were waiting for it where consent is required.
    /// </summary>
    /// <remarks>The answer is kept as long as the visitor's session.</remarks>
    internal void Set(string visitorCode, Consent consent)
    {
        var isRequired = IsRequired;
        PassWaiting(visitors.Update(visitorCode, (consent, isRequired), Answer), consent, isRequired);
    }

    /// <summary>Sets an answer that was given to another server, without notifying the others.</summary>
    internal void Learn(VisitorSession session, Consent consent)
    {
        var isRequired = IsRequired;
        PassWaiting(visitors.UpdateHere(session, (consent, isRequired), Answer), consent, isRequired);
    }

    /// <summary>Queues an event, holds it until the visitor answers, or drops it.</summary>
    /// <param name="trackingEvent">The event.</param>
    /// <param name="dataFile">Tells whether consent is required; null before the first data file.</param>
    internal void Report(in TrackingEvent trackingEvent, DataFile? dataFile)
    {
        if (trackingEvent.NeedsNoConsent || !MayBeRequired(dataFile))
        {
            events.Add(trackingEvent);
            return;
        }

        var consent = visitors.KnownOf(trackingEvent.Origin.VisitorCode)?.Consent ?? Consent.Unknown;
        if (trackingEvent.Kind == TrackingEventKind.Activity && consent != Consent.Given)
        {
            // Nothing is lost: the event only says that the visitor is active.
            return;
        }

        if (consent != Consent.Unknown)
        {
            Pass(trackingEvent, consent);
        }
        else
        {
            Hold(trackingEvent, dataFile);
        }
    }

    /// <summary>Queues the exposures of one call under a data file that requires no consent.</summary>
    internal void ReportAll(in EventOrigin origin, ReadOnlySpan<Exposure> exposures) => events.AddAll(origin, exposures);

    /// <summary>Holds an event until the visitor's next tracked action.</summary>
    internal void Hold(in TrackingEvent trackingEvent, DataFile? dataFile)
    {
        var before = visitors.Update(
            trackingEvent.Origin.VisitorCode, trackingEvent, static (known, added) => known.Holding(added));
        if (before.CanHold(trackingEvent))
        {
            return;
        }

        // The visitor holds as many events as allowed, or refused consent.
        var consent = MayBeRequired(dataFile) ? before.Consent : Consent.Given;
        if (consent == Consent.Given)
        {
            Release(trackingEvent.Origin.VisitorCode, dataFile);
        }

        Pass(trackingEvent, consent);
    }

    /// <summary>Counts an event that is not reported, and clears its mark, so that a later try is reported.</summary>
    internal void Drop(in TrackingEvent dropped, string reason)
    {
        losses.Skip(1, reason);
        marks.Undo(dropped);
    }

    /// <summary>Queues the events that were waiting for a tracked action, as far as consent allows.</summary>
    internal void Release(string visitorCode, DataFile? dataFile)
    {
        using var use = visitors.FindInUse(visitorCode);
        if (use.Session is { } session)
        {
            Release(session, dataFile);
        }
    }

    /// <summary>Does the same for all visitors in memory.</summary>
    internal void ReleaseAll(DataFile? dataFile)
    {
        foreach (var session in visitors.Sessions)
        {
            Release(session, dataFile);
        }
    }

    /// <summary>Removes the events that wait under a code, but not those under other codes of the same person.</summary>
    /// <returns>The number of events removed.</returns>
    internal int Discard(string visitorCode)
    {
        var before = visitors.KnownOf(visitorCode);
        var count = before?.Mapping?.Withdraw(visitorCode) ?? 0;
        return before?.Held.Length > 0
            ? count + visitors.Update(visitorCode, visitorCode, static (known, code) =>
                known with { Held = known.Held.RemoveAll(held => IsOf(held, code)) }).Held.Count(held => IsOf(held, visitorCode))
            : count;
    }

    private void Release(VisitorSession session, DataFile? dataFile)
    {
        if (session.Record.Known is not { HasWaitingEvents: true } visitor)
        {
            return;
        }

        var mayAll = visitor.Consent == Consent.Given || !MayBeRequired(dataFile);
        foreach (var link in mayAll ? visitor.Mapping?.TakeDue(clock) ?? [] : [])
        {
            events.Add(link);
        }

        var before = visitors.UpdateHere(session, mayAll, static (known, all) =>
            known.Held.Length == 0 ? known
            : all ? known with { Held = [] }
            : known.Held.Any(held => held.IsConversion)
                ? known with { Held = known.Held.RemoveAll(held => held.IsConversion) }
                : known);
        foreach (var held in before.Held)
        {
            if (mayAll || held.IsConversion)
            {
                events.Add(AsKnownNow(held));
            }
        }
    }

    private bool MayBeRequired(DataFile? dataFile) => dataFile?.ConsentRequired ?? !_assumesNotRequired;

    private bool IsRequired => configuration.DataFile is { ConsentRequired: true };

    private static VisitorSnapshot Answer(VisitorSnapshot known, (Consent Consent, bool IsRequired) answer) =>
        known.With(answer.Consent, holdsOn: !answer.IsRequired);

    private void PassWaiting(VisitorSnapshot before, Consent consent, bool isRequired)
    {
        if (consent == Consent.Refused && isRequired)
        {
            losses.Skip(before.Mapping?.Withdraw() ?? 0, "consent");
        }

        foreach (var held in before.Consent == consent || !isRequired ? [] : before.Held)
        {
            Pass(AsKnownNow(held), consent);
        }
    }

    // The application may have set the visitor's identity or browser after the event was held.
    private TrackingEvent AsKnownNow(in TrackingEvent held)
    {
        using var use = visitors.PeekInUse(held.Origin.VisitorCode);
        return use.Session is { } session
            ? held with { Origin = EventOrigin.Of(session.Code, session, held.Origin.UserAgent) }
            : held;
    }

    private static bool IsOf(in TrackingEvent held, string visitorCode) =>
        string.Equals(held.Origin.VisitorCode, visitorCode, StringComparison.Ordinal);

    private void Pass(in TrackingEvent trackingEvent, Consent consent)
    {
        if (consent == Consent.Given || trackingEvent.NeedsNoConsent)
        {
            events.Add(trackingEvent);
        }
        else
        {
            Drop(trackingEvent, "consent");
        }
    }
}
