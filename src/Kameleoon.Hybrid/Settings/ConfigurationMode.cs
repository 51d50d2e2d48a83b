namespace Kameleoon.Hybrid.Settings;

/// <summary>How changes of the data file are noticed.</summary>
public enum ConfigurationMode
{
    /// <summary>By polling at each <see cref="KameleoonOptions.RefreshInterval"/>.</summary>
    Polling,

    /// <summary>At once, by the platform's event stream (a paid option of the platform), and by polling, so that a
    /// broken stream loses no change.</summary>
    Streaming,

    /// <summary>As <see cref="Streaming"/> while the data file enables the event stream, else as <see cref="Polling"/>.
    /// The official SDKs do the same.</summary>
    Automatic,
}
