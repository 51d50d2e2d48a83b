using Kameleoon.Hybrid.Decisions;

namespace Kameleoon.Hybrid;

/// <summary>The visitor's browser. It takes precedence over the user agent.</summary>
/// <param name="Type">The family.</param>
/// <param name="Version">Major and minor version as one number such as 120.5, 0 to 1,000,000, or null when unknown.</param>
public sealed record Browser(BrowserType Type, float? Version = null) : IVisitorData
{
    /// <summary>The family.</summary>
    public BrowserType Type { get; } = Known.OrThrow(Type, nameof(Type));

    /// <summary>Major and minor version as one number such as 120.5, or null when unknown.</summary>
    public float? Version { get; } = Version is null or (>= 0 and <= 1_000_000)
        ? Version
        : throw new ArgumentOutOfRangeException(nameof(Version), Version, "A version is a number from 0 to 1,000,000.");

    TrackingEventKind? IVisitorData.Kind => TrackingEventKind.Browser;

    VisitorSnapshot IVisitorData.AddTo(VisitorSnapshot known) =>
        known with { Browser = new VisitorBrowser(Type, Version) };

    void IVisitorData.WriteTo(LineWriter line)
    {
        line.Text("eventType=staticData&browserIndex="u8);
        line.Number(Type switch
        {
            BrowserType.Chrome => 0,
            BrowserType.InternetExplorer => 1,
            BrowserType.Firefox => 2,
            BrowserType.Safari => 3,
            BrowserType.Opera => 4,
            _ => 5L,
        });
        if (Version is { } version)
        {
            line.Text("&browserVersion="u8);
            line.Number((decimal)version);
        }
    }
}

/// <summary>The visitor's kind of device. It takes precedence over the user agent.</summary>
/// <param name="Type">The kind.</param>
public sealed record Device(DeviceType Type) : IVisitorData
{
    /// <summary>The kind.</summary>
    public DeviceType Type { get; } = Known.OrThrow(Type, nameof(Type));

    TrackingEventKind? IVisitorData.Kind => TrackingEventKind.Device;

    VisitorSnapshot IVisitorData.AddTo(VisitorSnapshot known) => known with { Device = Type };

    void IVisitorData.WriteTo(LineWriter line)
    {
        line.Text("eventType=staticData&deviceType="u8);
        line.Text(Type switch
        {
            DeviceType.Phone => "PHONE"u8,
            DeviceType.Tablet => "TABLET"u8,
            _ => "DESKTOP"u8,
        });
    }
}

/// <summary>The visitor's operating system. It takes precedence over the user agent.</summary>
/// <param name="Type">The family.</param>
/// <remarks>The name OperatingSystem would conflict with <c>System.OperatingSystem</c>.</remarks>
public sealed record VisitorOperatingSystem(OperatingSystemType Type) : IVisitorData
{
    /// <summary>The family.</summary>
    public OperatingSystemType Type { get; } = Known.OrThrow(Type, nameof(Type));

    TrackingEventKind? IVisitorData.Kind => TrackingEventKind.OperatingSystem;

    VisitorSnapshot IVisitorData.AddTo(VisitorSnapshot known) => known with { OperatingSystem = Type };

    void IVisitorData.WriteTo(LineWriter line)
    {
        line.Text("eventType=staticData&os="u8);
        line.Text(Type switch
        {
            OperatingSystemType.Windows => "WINDOWS&osIndex=0"u8,
            OperatingSystemType.Mac => "MAC&osIndex=1"u8,
            OperatingSystemType.Ios => "IOS&osIndex=2"u8,
            OperatingSystemType.Linux => "LINUX&osIndex=3"u8,
            OperatingSystemType.Android => "ANDROID&osIndex=4"u8,
            _ => "WINDOWS_PHONE&osIndex=5"u8,
        });
    }
}

/// <summary>A user agent in place of the request's. Browser, operating system and device are read from it. It is sent
/// with the visitor's other events, and the platform detects bots by it.</summary>
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
