using Kameleoon.Hybrid.Decisions;
using Microsoft.Extensions.Options;

namespace Kameleoon.Hybrid;

/// <summary>Notes when a session was read from the shared store, counts what came from there, and prolongs it while its
/// visitor is active.</summary>
internal sealed class SharedSessionLifetime(
    SharedSessionWrites writes, KameleoonMetrics metrics, TimeProvider clock, IOptions<KameleoonOptions> options)
{
    private readonly int _prolongAfter = (int)(options.Value.SessionDuration / 4).TotalSeconds;

    // In seconds, never 0. Only differences between two values mean anything.
    private int Now => unchecked((int)(clock.GetTimestamp() / clock.TimestampFrequency)) | 1;

    /// <summary>Notes that a session was just read from the shared store.</summary>
    internal void MarkRead(VisitorSession session) => session.SharedAt = Now;

    /// <summary>Counts a change that another server made.</summary>
    internal void CountReceived() => metrics.SessionShared("received");

    /// <summary>Prolongs a session in the shared store when a quarter of its lifetime has passed, unless nothing about it is
    /// shared.</summary>
    internal void ProlongIfDue(VisitorSession session)
    {
        var now = Now;
        if (unchecked(now - session.SharedAt) < _prolongAfter)
        {
            return;
        }

        session.SharedAt = now;
        if (!IsShared(session))
        {
            return;
        }

        writes.Prolong(session.Code);
        if (session.Person is { } person)
        {
            writes.Prolong(person);
        }
    }

    private static bool IsShared(VisitorSession session) =>
        session is { IsUnique: true } or { Person: not null }
        || session.Record.Known is { Consent: not Consent.Unknown } or { CustomData.IsEmpty: false } or { Forced.IsEmpty: false } or { Conversions.IsEmpty: false };
}
