namespace Kameleoon.Hybrid;

/// <summary>Where the simulation cookie is believed.</summary>
public enum SimulationPolicy
{
    /// <summary>Nowhere.</summary>
    Off,

    /// <summary>In the environment called Development.</summary>
    DevelopmentOnly,

    /// <summary>Everywhere, as the official SDKs do.</summary>
    On,
}
