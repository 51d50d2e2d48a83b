namespace Kameleoon.Hybrid;

/// <summary>The operating systems that segments can target.</summary>
public enum OperatingSystemType
{
    /// <summary>Windows on a desktop.</summary>
    Windows,

    /// <summary>macOS.</summary>
    Mac,

    /// <summary>iOS and iPadOS.</summary>
    Ios,

    /// <summary>Linux other than Android.</summary>
    Linux,

    /// <summary>Android.</summary>
    Android,

    /// <summary>Windows on a telephone.</summary>
    WindowsPhone,
}
