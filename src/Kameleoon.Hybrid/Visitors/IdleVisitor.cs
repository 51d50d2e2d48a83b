using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using Kameleoon.Hybrid.Decisions;

namespace Kameleoon.Hybrid;

/// <summary>What is kept of a visitor of whom a session has no more than a few assignments and a consent, and whom no request
/// or client uses at present. Without references, for a <see cref="RowTable{TRow}"/>.</summary>
[StructLayout(LayoutKind.Auto)]
internal struct IdleVisitor
{
    /// <summary>The most assignments of an idle visitor.</summary>
    internal const int MaxAssignments = 4;

    private long _lastSeen;
    private long _started;
    private int _sharedAt;
    private byte _count;
    private Consent _consent;
    private SavedAssignments _assignments;

    /// <summary>The estimated bytes of memory of an idle visitor, with its place in the table.</summary>
    internal static int Size { get; } = Unsafe.SizeOf<IdleVisitor>() + (2 * sizeof(ulong)) + (2 * sizeof(long));

    /// <summary>Copies a session, if it has nothing that a row cannot keep.</summary>
    internal static bool TryCopy(VisitorSession session, out ShortCode code, out IdleVisitor copy)
    {
        copy = default;
        code = default;
        var record = session.Record;
        var (known, assignments) = (record.Known, record.Assignments);
        if (session.IsGone || session.IsUnique || session.Person is not null || record.IsShared
            || assignments.Length > MaxAssignments
            || !ReferenceEquals(known, VisitorSnapshot.Empty.With(known.Consent, holdsOn: false))
            || !ShortCode.TryRead(session.Code, out code))
        {
            return false;
        }

        copy._lastSeen = session.LastSeen;
        copy._started = record.Started.UtcTicks;
        copy._sharedAt = session.SharedAt;
        copy._consent = known.Consent;
        copy._count = (byte)assignments.Length;
        assignments.CopyTo(copy._assignments[..assignments.Length]);
        return true;
    }

    /// <summary>What is known of the visitor.</summary>
    internal readonly VisitorSnapshot Known => VisitorSnapshot.Empty.With(_consent, holdsOn: false);

    /// <summary>Returns a session of the visitor.</summary>
    internal readonly VisitorSession ToSession(string code) =>
        new(code, new VisitorRecord(new(_started, TimeSpan.Zero), _consent, [.. _assignments[.._count]]), _lastSeen) { SharedAt = _sharedAt };

    /// <summary>Whether the session is over.</summary>
    internal readonly bool IsOver(long now, long lifetime) => now - _lastSeen >= lifetime;

    [InlineArray(MaxAssignments)]
    private struct SavedAssignments
    {
        private SavedAssignment _first;
    }
}
