namespace Kameleoon.Hybrid;

/// <summary>Receives the events that were still waiting when a visitor is removed from memory.</summary>
/// <remarks>Called on the thread that removes the visitor. Implementations must not block.</remarks>
internal interface IForgottenVisitorListener
{
    /// <summary>A visitor with waiting events was removed.</summary>
    /// <param name="known">The visitor's data, with at least one event in <see cref="VisitorSnapshot.Held"/> or one exposure in
    /// <see cref="VisitorSnapshot.Carried"/>.</param>
    /// <param name="record">Knows which exposures were reported in the session.</param>
    void OnForgotten(VisitorSnapshot known, VisitorRecord record);
}
