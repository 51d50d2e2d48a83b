namespace Kameleoon.Hybrid.Settings;

/// <summary>How requests for prefetched pages are answered: pages that a browser loads before the visitor opens
/// them.</summary>
public enum PrefetchPolicy
{
    /// <summary>Rendered like other pages. The engine reports their exposures when they are shown; the server does
    /// not.</summary>
    Serve,

    /// <summary>Answered with 503, so that the browser requests the page again when the visitor opens it. For sites
    /// whose decisions must be current.</summary>
    Refuse,
}
