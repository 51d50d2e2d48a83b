namespace Kameleoon.Hybrid.Decisions;

/// <summary>What the answer of a condition rests on; each is shorter-lived than the one before.</summary>
internal enum Basis
{
    /// <summary>Facts whose changes the session counts: <see cref="DecisionMemo"/> names them.</summary>
    Session,

    /// <summary>The request, the time, or what the platform says.</summary>
    Request,

    /// <summary>The visitor's assignments, which every decision may change.</summary>
    Assignments,
}
