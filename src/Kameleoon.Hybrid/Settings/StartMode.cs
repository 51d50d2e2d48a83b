namespace Kameleoon.Hybrid.Settings;

/// <summary>Whether the application's start waits for the data file.</summary>
public enum StartMode
{
    /// <summary>Waits until the first attempt to get it is over, at most <see cref="KameleoonOptions.StartTimeout"/>,
    /// or one second where a last good copy is in force meanwhile; then starts with or without one.</summary>
    Wait,

    /// <summary>Starts at once. Flags are off until the data file arrives.</summary>
    Background,

    /// <summary>Waits through several attempts, and fails the start when there is neither a data file nor a last good
    /// copy after <see cref="KameleoonOptions.StartTimeout"/>.</summary>
    Require,
}
