using Kameleoon.Hybrid.Decisions;

namespace Kameleoon.Hybrid;

/// <summary>The visitor's browser; it replaces what the user agent says.</summary>
/// <param name="Type">The family.</param>
/// <param name="Version">Major and minor version as one number such as 120.5, or null when unknown.</param>
public sealed record Browser(BrowserType Type, float? Version = null) : IVisitorData
{
    /// <summary>The family.</summary>
    public BrowserType Type { get; } = Known.OrThrow(Type, nameof(Type));

    /// <summary>Major and minor version as one number such as 120.5, or null when unknown.</summary>
    public float? Version { get; } = Version is null or >= 0
        ? Version
        : throw new ArgumentOutOfRangeException(nameof(Version), Version, "A version is a number from 0.");

    VisitorSnapshot IVisitorData.AddTo(VisitorSnapshot known) =>
        known with { Browser = new VisitorBrowser(Type, Version) };
}

/// <summary>The visitor's kind of device; it replaces what the user agent says.</summary>
/// <param name="Type">The kind.</param>
public sealed record Device(DeviceType Type) : IVisitorData
{
    /// <summary>The kind.</summary>
    public DeviceType Type { get; } = Known.OrThrow(Type, nameof(Type));

    VisitorSnapshot IVisitorData.AddTo(VisitorSnapshot known) => known with { Device = Type };
}

/// <summary>The visitor's operating system; it replaces what the user agent says.</summary>
/// <param name="Type">The family.</param>
/// <remarks>Not called OperatingSystem, which every file that uses <c>System</c> already means something by.</remarks>
public sealed record VisitorOperatingSystem(OperatingSystemType Type) : IVisitorData
{
    /// <summary>The family.</summary>
    public OperatingSystemType Type { get; } = Known.OrThrow(Type, nameof(Type));

    VisitorSnapshot IVisitorData.AddTo(VisitorSnapshot known) => known with { OperatingSystem = Type };
}

/// <summary>A user agent to tell browser, operating system and device from, in place of the request's.</summary>
/// <param name="Value">The text of the header.</param>
public sealed record UserAgent(string Value) : IVisitorData
{
    /// <summary>The text of the header.</summary>
    public string Value { get; } = Value ?? throw new ArgumentNullException(nameof(Value));

    VisitorSnapshot IVisitorData.AddTo(VisitorSnapshot known) =>
        known with { UserAgent = new UserAgentReading(Value) };
}

file static class Known
{
    internal static T OrThrow<T>(T value, string name)
        where T : struct, Enum =>
        Enum.IsDefined(value)
            ? value
            : throw new ArgumentOutOfRangeException(name, value, $"There is no {typeof(T).Name} of that value.");
}
