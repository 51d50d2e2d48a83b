namespace Kameleoon.Hybrid;

/// <summary>Maps the platform's names of devices, browsers and operating systems. Unknown names give null.</summary>
internal static class RemoteNames
{
    internal static Device? Device(string? name) => name switch
    {
        "PHONE" => new Device(DeviceType.Phone),
        "TABLET" => new Device(DeviceType.Tablet),
        "DESKTOP" => new Device(DeviceType.Desktop),
        _ => null,
    };

    internal static Browser? Browser(string? name, float? version)
    {
        BrowserType? type = name switch
        {
            "CHROME" => BrowserType.Chrome,
            "INTERNET_EXPLORER" => BrowserType.InternetExplorer,
            "FIREFOX" => BrowserType.Firefox,
            "SAFARI" => BrowserType.Safari,
            "OPERA" => BrowserType.Opera,
            "OTHER" => BrowserType.Other,
            _ => null,
        };
        return type is { } known ? new Browser(known, version is >= 0 and <= 1_000_000 ? version : null) : null;
    }

    internal static VisitorOperatingSystem? OperatingSystem(string? name)
    {
        OperatingSystemType? type = name switch
        {
            "WINDOWS" => OperatingSystemType.Windows,
            "MAC" => OperatingSystemType.Mac,
            "IOS" => OperatingSystemType.Ios,
            "LINUX" => OperatingSystemType.Linux,
            "ANDROID" => OperatingSystemType.Android,
            "WINDOWS_PHONE" => OperatingSystemType.WindowsPhone,
            _ => null,
        };
        return type is { } known ? new VisitorOperatingSystem(known) : null;
    }
}
