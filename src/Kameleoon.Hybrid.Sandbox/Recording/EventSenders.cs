namespace Kameleoon.Hybrid.Sandbox;

/// <summary>The senders that reported the same thing.</summary>
[Flags]
internal enum EventSenders
{
    /// <summary>Neither.</summary>
    None = 0,

    /// <summary>A server-side SDK.</summary>
    Server = 1,

    /// <summary>The browser engine.</summary>
    Engine = 2,

    /// <summary>An SDK that runs in the page, beside the engine.</summary>
    BrowserSdk = 4,
}

/// <summary>Tells senders of events apart.</summary>
internal static class Reporters
{
    /// <summary>Returns the sender of a batch. SDKs of pages have names of their own.</summary>
    internal static EventSenders Of(EventBatch batch) =>
        batch.Sender == EventSender.Engine ? EventSenders.Engine
        : Is(batch, "javascript") || Is(batch, "react") ? EventSenders.BrowserSdk
        : EventSenders.Server;

    /// <summary>Returns the names of two senders, as the beginning of a sentence.</summary>
    internal static string Pair(EventSenders one, EventSenders other) => (one | other) switch
    {
        EventSenders.Server | EventSenders.Engine => "Server and engine",
        EventSenders.Server | EventSenders.BrowserSdk => "Server and browser SDK",
        _ => "Engine and browser SDK",
    };

    /// <summary>Returns another sender than this one, the engine first; none if there is no other.</summary>
    internal static EventSenders OtherThan(EventSenders reporter, EventSenders all) => (all & ~reporter) switch
    {
        var others when others.HasFlag(EventSenders.Engine) => EventSenders.Engine,
        var others when others.HasFlag(EventSenders.Server) => EventSenders.Server,
        var others => others,
    };

    // The browser SDKs write their names in lower case, others do not.
    private static bool Is(EventBatch batch, string sdk) => string.Equals(batch.Sdk, sdk, StringComparison.OrdinalIgnoreCase);
}
