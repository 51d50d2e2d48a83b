namespace Kameleoon.Hybrid;

/// <summary>Which tags of a response the browser did not get.</summary>
internal enum LostTags
{
    /// <summary>It got all of them, or the rest of the response will bring them.</summary>
    None,

    /// <summary>The response is complete. Tags that rendered but were not written to it are lost.</summary>
    Unwritten,

    /// <summary>The application failed after the response had started. Tags in buffers are lost, and tags in texts that were
    /// made after the start may be.</summary>
    Uncertain,

    /// <summary>The response was not sent.</summary>
    All,
}
