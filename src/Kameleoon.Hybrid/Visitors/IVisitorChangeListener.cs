namespace Kameleoon.Hybrid;

/// <summary>Is notified of what becomes known of visitors on this server, so that other servers can be told.</summary>
/// <remarks>Called on the thread that made the change, which may be a request's. Implementations must not block.</remarks>
internal interface IVisitorChangeListener
{
    /// <summary>Something about a visitor changed.</summary>
    /// <param name="code">The code under which other servers know the visitor.</param>
    /// <param name="before">What was known before.</param>
    /// <param name="after">What is known now. The same instance as <paramref name="before"/> if nothing changed.</param>
    void OnChanged(string code, VisitorSnapshot before, VisitorSnapshot after);

    /// <summary>It became known whose code the session's code is.</summary>
    void OnIdentified(VisitorSession session);
}
