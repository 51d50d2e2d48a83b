namespace Kameleoon.Hybrid;

/// <summary>What becomes of pages that a browser fetches ahead, in case its visitor goes there.</summary>
public enum PrefetchPolicy
{
    /// <summary>They are rendered as any page. The engine reports what they carry once they are shown; the server
    /// reports nothing of them.</summary>
    Serve,

    /// <summary>They are answered with 503, so that the browser asks again when the visitor comes: for sites whose
    /// decisions have to be of that moment.</summary>
    Refuse,
}
