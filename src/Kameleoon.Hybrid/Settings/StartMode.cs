namespace Kameleoon.Hybrid.Settings;

/// <summary>What the application's start does until the data file is there.</summary>
public enum StartMode
{
    /// <summary>Waits until the first attempt to get it is over, at most <see cref="KameleoonOptions.StartTimeout"/>,
    /// or one second where a last good copy is in force meanwhile; then starts with or without one.</summary>
    Wait,

    /// <summary>Starts at once; flags are off until the data file is there.</summary>
    Background,

    /// <summary>Waits like <see cref="Wait"/>, but through several attempts, and fails the start where neither a data
    /// file nor a last good copy is in after <see cref="KameleoonOptions.StartTimeout"/>.</summary>
    Require,
}
