namespace Kameleoon.Hybrid.Settings;

/// <summary>Who reports the exposures of a page.</summary>
public enum ExposureOwner
{
    /// <summary>The browser engine reports what a tracking tag carried; the server reports the rest.</summary>
    Engine,

    /// <summary>The server reports every exposure. The tracking tag renders nothing, except on a prefetched page,
    /// which notifies the server when it is shown.</summary>
    Server,

    /// <summary>Both report, as the official SDK does; the platform counts a visitor once.</summary>
    Both,
}
