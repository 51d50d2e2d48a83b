namespace Kameleoon.Hybrid.Decisions;

/// <summary>The kinds of device that segments tell apart.</summary>
public enum DeviceType
{
    /// <summary>A telephone.</summary>
    Phone,

    /// <summary>A tablet.</summary>
    Tablet,

    /// <summary>Anything with a desk's screen.</summary>
    Desktop,
}
