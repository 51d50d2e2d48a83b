namespace Kameleoon.Hybrid.Settings;

/// <summary>How changes of the data file are noticed.</summary>
public enum ConfigurationMode
{
    /// <summary>At each <see cref="KameleoonOptions.RefreshInterval"/>.</summary>
    Polling,

    /// <summary>At once, by the platform's event stream, which is a paid option there; and at each
    /// <see cref="KameleoonOptions.RefreshInterval"/>, so that a broken stream loses nothing.</summary>
    Streaming,

    /// <summary>As <see cref="Streaming"/> while the data file says that the site has the event stream, else as
    /// <see cref="Polling"/>: what the official SDKs do.</summary>
    Automatic,
}
