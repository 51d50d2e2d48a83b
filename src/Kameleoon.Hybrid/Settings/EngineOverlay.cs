namespace Kameleoon.Hybrid;

/// <summary>How a page is hidden while it waits for the engine.</summary>
public enum EngineOverlay
{
    /// <summary>A layer in the page's background colour covers the page. The page is laid out, and screen readers can
    /// read it.</summary>
    Cover,

    /// <summary>Every element is invisible.</summary>
    Hide,
}
