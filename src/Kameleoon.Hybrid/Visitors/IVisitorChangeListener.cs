namespace Kameleoon.Hybrid;

/// <summary>Is notified of changes of visitors' data on this server, to pass them to other servers.</summary>
/// <remarks>Called on the thread that made the change, which may be a request's. Implementations must not block.</remarks>
internal interface IVisitorChangeListener
{
    /// <summary>A visitor's data changed.</summary>
    /// <param name="code">The code under which other servers know the visitor.</param>
    /// <param name="before">The data before the change.</param>
    /// <param name="after">The data after the change. The same instance as <paramref name="before"/> if nothing
    /// changed.</param>
    void OnChanged(string code, VisitorSnapshot before, VisitorSnapshot after);

    /// <summary>The session's code was marked as a person's own code, or as a browser's.</summary>
    void OnIdentified(VisitorSession session);
}
