namespace Kameleoon.Hybrid;

/// <summary>How a page loads the browser engine.</summary>
public enum EngineMode
{
    /// <summary>Asynchronously; the page is shown meanwhile. For hybrid pages, at the end of the body.</summary>
    Async,

    /// <summary>Synchronously; the page waits for the engine. For experiments in the browser, in the head.</summary>
    Sync,

    /// <summary>Asynchronously; the page is hidden until the engine has changed it or the timeout ends. In the
    /// head.</summary>
    AsyncAntiFlicker,

    /// <summary>By a tag manager; the page does not load it.</summary>
    None,
}
