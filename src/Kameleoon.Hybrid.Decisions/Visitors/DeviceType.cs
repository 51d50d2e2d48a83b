namespace Kameleoon.Hybrid;

/// <summary>The kinds of device that segments can target.</summary>
public enum DeviceType
{
    /// <summary>A telephone.</summary>
    Phone,

    /// <summary>A tablet.</summary>
    Tablet,

    /// <summary>A desktop or laptop computer.</summary>
    Desktop,
}
