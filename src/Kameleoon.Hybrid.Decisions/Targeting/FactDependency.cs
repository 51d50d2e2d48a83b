namespace Kameleoon.Hybrid.Decisions;

/// <summary>The shortest-lived facts that a result depends on; it decides how long a decision can be reused.</summary>
internal enum FactDependency : byte
{
    /// <summary>
    /// Only the facts that the version of <see cref="DecisionMemo"/> covers: reusable until the version changes.
    /// </summary>
    Session,

    /// <summary>The request, the time or the platform's data: not reusable by another request.</summary>
    Request,

    /// <summary>The visitor's assignments, which every decision may change: not reusable at all.</summary>
    Assignments,
}
