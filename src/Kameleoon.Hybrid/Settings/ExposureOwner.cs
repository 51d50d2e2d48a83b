namespace Kameleoon.Hybrid;

/// <summary>Who reports the exposures of a page.</summary>
public enum ExposureOwner
{
    /// <summary>The browser engine reports what a tracking tag carried; the server reports the rest.</summary>
    Engine,

    /// <summary>The server reports everything. The tracking tag renders nothing, but on a page that is fetched ahead, which
    /// tells the server once it is shown.</summary>
    Server,

    /// <summary>Both report, as the official SDK does; the platform counts a visitor once.</summary>
    Both,
}
