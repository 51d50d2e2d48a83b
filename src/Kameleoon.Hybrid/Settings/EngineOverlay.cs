namespace Kameleoon.Hybrid;

/// <summary>How a page is hidden while it waits for the engine.</summary>
public enum EngineOverlay
{
    /// <summary>Below a layer in the page's background colour: laid out, and there for screen readers.</summary>
    Cover,

    /// <summary>Every element invisible.</summary>
    Hide,
}
