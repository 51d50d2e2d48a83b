using Kameleoon.Hybrid.Decisions;
using Microsoft.Extensions.Options;

namespace Kameleoon.Hybrid;

/// <summary>Lets events through to the queue as far as their visitor's consent allows.</summary>
/// <remarks>
/// What an undecided visitor did waits with what is known of the visitor, and leaves once consent is given. After a
/// refusal nothing waits: it would be reported although it happened while the answer was no. Before the first data file
/// nobody knows whether an answer is required, so it is awaited. Conversions and deliveries need no consent, as in the
/// official SDKs.
/// </remarks>
internal sealed class ConsentGate
{
    private readonly VisitorStore _visitors;
    private readonly ConfigurationStore _configuration;
    private readonly TrackingQueue _queue;
    private readonly TrackingLosses _losses;
    private readonly bool _assumesNotRequired;

    public ConsentGate(
        VisitorStore visitors,
        ConfigurationStore configuration,
        TrackingQueue queue,
        TrackingLosses losses,
        IOptions<KameleoonOptions> options)
    {
        _assumesNotRequired = options.Value.Consent.AssumeNotRequired;
        (_visitors, _configuration, _queue, _losses) = (visitors, configuration, queue, losses);
        visitors.Leaving = Leave;
    }

    /// <summary>What consent a decision or event of a visitor is under.</summary>
    internal Consent Of(string visitorCode, DataFile dataFile) => dataFile.ConsentRequired
        ? _visitors.Find(visitorCode)?.Record.Known.Consent ?? Consent.Unknown
        : Consent.Given;

    /// <summary>Keeps a visitor's answer for as long as the visitor is kept, and does with what waited as it says, where
    /// consent is required.</summary>
    internal void Set(string visitorCode, Consent consent)
    {
        var isRequired = IsRequired;
        Settle(_visitors.Update(visitorCode, (consent, isRequired), Answer), consent, isRequired);
    }

    /// <summary>The same with an answer that another server was given, who has told the others.</summary>
    internal void Learn(VisitorSession session, Consent consent)
    {
        var isRequired = IsRequired;
        Settle(_visitors.UpdateHere(session, (consent, isRequired), Answer), consent, isRequired);
    }

    /// <summary>Queues an event, keeps it until the visitor answers, or drops it.</summary>
    /// <param name="trackingEvent">The event.</param>
    /// <param name="dataFile">Says whether consent is required, or null before the first.</param>
    internal void Report(in TrackingEvent trackingEvent, DataFile? dataFile)
    {
        if (trackingEvent.NeedsNoConsent || !MayBeRequired(dataFile))
        {
            _queue.Add(trackingEvent);
            return;
        }

        var consent = _visitors.Find(trackingEvent.Origin.VisitorCode)?.Record.Known.Consent ?? Consent.Unknown;
        if (trackingEvent.Kind == TrackingEventKind.Activity && consent != Consent.Given)
        {
            // Nothing is lost: it says no more than that the visitor is there.
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

    /// <summary>Keeps an event until the visitor does something that is tracked.</summary>
    internal void Hold(in TrackingEvent trackingEvent, DataFile? dataFile)
    {
        var before = _visitors.Update(
            trackingEvent.Origin.VisitorCode, trackingEvent, static (known, added) => known.Holding(added));
        if (before.CanHold(trackingEvent))
        {
            return;
        }

        // There is no room for more, or no hope.
        var consent = MayBeRequired(dataFile) ? before.Consent : Consent.Given;
        if (consent == Consent.Given)
        {
            Release(trackingEvent.Origin.VisitorCode, dataFile);
        }

        Pass(trackingEvent, consent);
    }

    /// <summary>The visitor did something that is tracked: what waited for that goes.</summary>
    internal void Release(string visitorCode, DataFile? dataFile)
    {
        if (_visitors.Find(visitorCode) is { } session)
        {
            Release(session, dataFile);
        }
    }

    /// <summary>Lets go what waits with any visitor.</summary>
    internal void ReleaseAll(DataFile? dataFile)
    {
        foreach (var session in _visitors.Sessions)
        {
            Release(session, dataFile);
        }
    }

    /// <summary>Takes away what waits under a code, but not what waits under other codes of the same person.</summary>
    /// <returns>How many events that were.</returns>
    internal int Discard(string visitorCode) => _visitors.Find(visitorCode)?.Record.Known.Held.Length > 0
        ? _visitors.Update(visitorCode, visitorCode, static (known, code) =>
            known with { Held = known.Held.RemoveAll(held => IsOf(held, code)) }).Held.Count(held => IsOf(held, visitorCode))
        : 0;

    private void Release(VisitorSession session, DataFile? dataFile)
    {
        if (session.Record.Known is not { Held.Length: > 0 } visitor)
        {
            return;
        }

        var mayAll = visitor.Consent == Consent.Given || !MayBeRequired(dataFile);
        var before = _visitors.UpdateHere(session, mayAll, static (known, all) =>
            known.Held.Length == 0 ? known
            : all ? known with { Held = [] }
            : known.Held.Any(held => held.IsConversion)
                ? known with { Held = known.Held.RemoveAll(held => held.IsConversion) }
                : known);
        foreach (var held in before.Held)
        {
            if (mayAll || held.IsConversion)
            {
                _queue.Add(AsKnownNow(held));
            }
        }
    }

    private bool MayBeRequired(DataFile? dataFile) => dataFile?.ConsentRequired ?? !_assumesNotRequired;

    private bool IsRequired => _configuration.DataFile is { ConsentRequired: true };

    private static VisitorSnapshot Answer(VisitorSnapshot known, (Consent Consent, bool IsRequired) answer) =>
        known.With(answer.Consent, holdsOn: !answer.IsRequired);

    private void Settle(VisitorSnapshot before, Consent consent, bool isRequired)
    {
        foreach (var held in before.Consent == consent || !isRequired ? [] : before.Held)
        {
            Pass(AsKnownNow(held), consent);
        }
    }

    // Who the visitor is, and with which browser, the application may have said since.
    private TrackingEvent AsKnownNow(in TrackingEvent held) => _visitors.Peek(held.Origin.VisitorCode) is { } session
        ? held with { Origin = EventOrigin.Of(session.Code, session, held.Origin.UserAgent) }
        : held;

    private static bool IsOf(in TrackingEvent held, string visitorCode) =>
        string.Equals(held.Origin.VisitorCode, visitorCode, StringComparison.Ordinal);

    // The visitor is forgotten, the events are not.
    private void Leave(VisitorSnapshot visitor)
    {
        var consent = MayBeRequired(_configuration.DataFile) ? visitor.Consent : Consent.Given;
        foreach (var held in visitor.Held)
        {
            Pass(held, consent);
        }
    }

    private void Pass(in TrackingEvent trackingEvent, Consent consent)
    {
        if (consent == Consent.Given || trackingEvent.NeedsNoConsent)
        {
            _queue.Add(trackingEvent);
        }
        else
        {
            _losses.Skip(1, "consent");
            _visitors.Find(trackingEvent.Origin.VisitorCode)?.Record.Unreport(trackingEvent);
        }
    }
}
