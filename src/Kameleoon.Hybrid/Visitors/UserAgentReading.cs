using System.Buffers;
using System.Globalization;
using Kameleoon.Hybrid.Decisions;

namespace Kameleoon.Hybrid;

/// <summary>The browser, operating system and device that a user agent names, by the rules of the browser engine.</summary>
/// <remarks>Parsed on first use. An empty user agent gives no values. An iPad that claims to be a Mac is read as a Mac:
/// only the engine can detect the touch screen.</remarks>
internal sealed class UserAgentReading(string text)
{
    private const int MaxVersionLength = 16;

    internal string Text => text;

    // The first match is used: most browsers also name those listed after them.
    private static readonly (string Mark, BrowserType Type)[] Browsers =
    [
        ("OPR/", BrowserType.Opera),
        ("OPiOS/", BrowserType.Opera),
        ("Opera/", BrowserType.Opera),
        ("Opera ", BrowserType.Opera),
        ("Edg/", BrowserType.Other),
        ("Edge/", BrowserType.Other),
        ("EdgA/", BrowserType.Other),
        ("EdgiOS/", BrowserType.Other),
        ("SamsungBrowser/", BrowserType.Other),
        ("MSIE ", BrowserType.InternetExplorer),
        ("Trident/", BrowserType.InternetExplorer),
        ("Firefox/", BrowserType.Firefox),
        ("FxiOS/", BrowserType.Firefox),
        ("Chrome/", BrowserType.Chrome),
        ("Chromium/", BrowserType.Chrome),
        ("CriOS/", BrowserType.Chrome),
        ("Safari/", BrowserType.Safari),
    ];

    private static readonly (string Mark, OperatingSystemType Type)[] Systems =
    [
        ("Windows Phone", OperatingSystemType.WindowsPhone),
        ("Windows", OperatingSystemType.Windows),
        ("iPhone", OperatingSystemType.Ios),
        ("iPad", OperatingSystemType.Ios),
        ("iPod", OperatingSystemType.Ios),
        ("Android", OperatingSystemType.Android),
        ("Macintosh", OperatingSystemType.Mac),
        ("Mac OS X", OperatingSystemType.Mac),
        ("Linux", OperatingSystemType.Linux),
        ("X11", OperatingSystemType.Linux),
        ("CrOS", OperatingSystemType.Linux),
    ];

    private static readonly SearchValues<char> VersionLetters = SearchValues.Create("0123456789.");

    private Reading? _reading;

    internal VisitorBrowser? Browser => Read().Browser;

    internal OperatingSystemType? OperatingSystem => Read().OperatingSystem;

    internal DeviceType? Device => Read().Device;

    /// <summary>Whether the user agent was read already.</summary>
    internal bool IsRead => Volatile.Read(ref _reading) is not null;

    private Reading Read()
    {
        if (Volatile.Read(ref _reading) is { } known)
        {
            return known;
        }

        var reading = text.Length == 0
            ? new Reading(null, null, null)
            : new Reading(BrowserOf(text), SystemOf(text), DeviceOf(text));
        Volatile.Write(ref _reading, reading);
        return reading;
    }

    private static VisitorBrowser BrowserOf(string agent)
    {
        foreach (var (mark, type) in Browsers)
        {
            var place = agent.IndexOf(mark, StringComparison.Ordinal);
            if (place < 0 || (type is not BrowserType.Chrome && place > 0 && char.IsAsciiLetterOrDigit(agent[place - 1])))
            {
                continue;
            }

            // These two have their version in another place. Without a version, the name is ignored.
            var at = mark switch
            {
                "Trident/" => After(agent, "rv:"),
                "Safari/" => After(agent, "Version/"),
                _ => place + mark.Length,
            };
            if (at >= 0)
            {
                return new VisitorBrowser(type, VersionAt(agent, at));
            }
        }

        return new VisitorBrowser(BrowserType.Other);
    }

    private static int After(string agent, string mark) =>
        agent.IndexOf(mark, StringComparison.Ordinal) is var place and >= 0 ? place + mark.Length : -1;

    /// <summary>Returns the first two numbers at a position as one number, such as 120.5, and ignores further
    /// ones.</summary>
    private static float? VersionAt(string agent, int start)
    {
        var digits = agent.AsSpan(start, Math.Min(MaxVersionLength, agent.Length - start));
        var end = digits.IndexOfAnyExcept(VersionLetters);
        digits = end < 0 ? digits : digits[..end];
        var dot = digits.IndexOf('.');
        var rest = dot < 0 ? -1 : digits[(dot + 1)..].IndexOf('.');
        digits = rest < 0 ? digits : digits[..(dot + 1 + rest)];
        return float.TryParse(digits, NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out var version)
            ? version
            : null;
    }

    private static OperatingSystemType? SystemOf(string agent)
    {
        foreach (var (mark, type) in Systems)
        {
            if (agent.Contains(mark, StringComparison.Ordinal))
            {
                return type;
            }
        }

        return null;
    }

    private static DeviceType DeviceOf(string agent)
    {
        bool Has(string mark) => agent.Contains(mark, StringComparison.Ordinal);

        if (Has("iPad") || Has("Tablet") || (Has("Android") && !Has("Mobile")))
        {
            return DeviceType.Tablet;
        }

        return Has("Mobi") || Has("iPhone") || Has("iPod") || Has("Windows Phone")
            ? DeviceType.Phone
            : DeviceType.Desktop;
    }

    private sealed record Reading(VisitorBrowser? Browser, OperatingSystemType? OperatingSystem, DeviceType? Device);
}
