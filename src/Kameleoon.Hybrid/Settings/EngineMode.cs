namespace Kameleoon.Hybrid;

/// <summary>How a page loads the browser engine.</summary>
public enum EngineMode
{
    /// <summary>Beside the page, which is shown meanwhile. For hybrid pages, at the end of the body.</summary>
    Async,

    /// <summary>Before the page goes on. For experiments in the browser, in the head.</summary>
    Sync,

    /// <summary>Beside the page, which is hidden until the engine has changed it or the timeout is over. In the head.
    /// </summary>
    AsyncAntiFlicker,

    /// <summary>Not at all: a tag manager loads it.</summary>
    None,
}
