namespace Kameleoon.Hybrid;

/// <summary>How the responses of an experiment ended.</summary>
internal enum ExposureOutcome
{
    /// <summary>A page, another answer or a stream was sent.</summary>
    Ok,

    /// <summary>The response redirected.</summary>
    Redirect,

    /// <summary>The status was 4xx or 5xx, or the application failed.</summary>
    Error,

    /// <summary>The client closed the connection before the end.</summary>
    Aborted,

    /// <summary>The page was fetched ahead.</summary>
    Prefetch,
}
