namespace Kameleoon.Hybrid.Settings;

/// <summary>Where the simulation cookie is applied.</summary>
public enum SimulationPolicy
{
    /// <summary>Nowhere.</summary>
    Off,

    /// <summary>Only in the environment Development.</summary>
    DevelopmentOnly,

    /// <summary>Everywhere, as the official SDKs do.</summary>
    On,
}
