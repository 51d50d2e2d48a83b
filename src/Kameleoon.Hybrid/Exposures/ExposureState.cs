namespace Kameleoon.Hybrid;

/// <summary>Who reports an exposure, or why it is discarded.</summary>
internal enum ExposureState : byte
{
    /// <summary>Decided without tracking.</summary>
    Untracked,

    /// <summary>Decided for a response that is not complete.</summary>
    Open,

    /// <summary>A tag passed it to the engine in the page, which reports it.</summary>
    Engine,

    /// <summary>A page that was fetched ahead reports it to the server when the page is shown.</summary>
    Page,

    /// <summary>The response redirects, or a script left the page before its tag ran. The visitor's session keeps it for
    /// the next page.</summary>
    Carried,

    /// <summary>The server reports it.</summary>
    Server,

    /// <summary>Discarded: the request comes from a bot.</summary>
    Bot,

    /// <summary>Discarded: the request was made with HEAD.</summary>
    Head,

    /// <summary>Discarded: the page was fetched ahead, and no tag can tell whether it is shown.</summary>
    Unseen,

    /// <summary>Discarded: the visitor refused consent.</summary>
    Refused,

    /// <summary>Discarded: the browser did not get the visitor code that was generated for the request.</summary>
    Unshared,
}

/// <summary>The names of the states in metrics and in the inspector.</summary>
internal static class ExposureStates
{
    /// <summary>Returns the tag <c>reason</c> of the metric for a state that discards.</summary>
    internal static string ReasonOf(ExposureState discarded) => discarded switch
    {
        ExposureState.Bot => "bot",
        ExposureState.Head => "head",
        ExposureState.Refused => "consent",
        ExposureState.Unshared => "unshared",
        _ => "unseen",
    };

    /// <summary>Returns who reports an exposure, in words.</summary>
    internal static string OwnerOf(ExposureState state) => state switch
    {
        ExposureState.Untracked => "not reported: decided without tracking",
        ExposureState.Open => "the server, when the response is complete",
        ExposureState.Engine => "the engine",
        ExposureState.Page => "the server, once the page is shown",
        ExposureState.Carried => "the visitor's next page, else the server",
        ExposureState.Server => "the server",
        _ => $"not reported: discarded ({ReasonOf(state)})",
    };
}
