namespace Kameleoon.Hybrid.Interop.Tests;

/// <summary>What conditions compare and visitors bring; one list for both, so that they meet.</summary>
internal static class Words
{
    internal static readonly string[] Texts =
        ["pro", "free", "Pro", "éclair", "a b", "10", "true", "FALSE", "True", "x-1", "aa", "ÉCLAIR", "日本", "🎯"];

    // The core reads "" and " " as 0, "0x0A" as 10, "1e309" as infinite; other SDKs see no number there.
    internal static readonly string[] Numbers =
        ["10", "10.0", " 10 ", "-1.5", "1e3", "1000", "ten", "10abc", "+5", ".5", "5.", "0", "-0", "7", "1,5", "true"];

    internal static readonly string[] Flags = ["true", "false", "TRUE", "False", "1", "yes"];

    // Left out, as the core and .NET read them differently: (?i), /x/ and what begins like it, \w and \b beside letters
    // that are not ASCII, $ before a final line feed. Patterns that do not compile stop the core for good.
    internal static readonly string[] Patterns =
    [
        "^[a-m]", "[0-9]+$", "a|b", "(ab)+", "^(?=[^b]*a)", "(.)\\1", "", "\\d{2,}", "[^a-z]", "^.{3,5}$", "^pro$", "é",
    ];

    internal static readonly string[] Addresses =
    [
        "https://shop.example/", "https://shop.example/products/7", "https://shop.example/products/71?q=tea",
        "https://shop.example/checkout", "http://other.example/é", "/relative", "https://shop.example/#top",
    ];

    internal static readonly string[] AddressPatterns =
        ["products/\\d+", "\\?q=", "^https://", "checkout$", "(shop|other)", "é$", "[^/]$"];

    internal static readonly string[] Titles = ["Tea", "Tea and more", "tea", "Thé", "", "Check out"];

    internal static readonly string[] Countries = ["France", "france", "JAPAN", "Japan", "Österreich", "österreich"];

    internal static readonly string[] Regions = ["North", "north", "Île-de-France", "île-de-france"];

    internal static readonly string[] Cities = ["Lille", "LILLE", "Orléans", "Osaka"];

    internal static readonly string[] Devices = ["PHONE", "TABLET", "DESKTOP"];

    internal static readonly string[] Systems = ["WINDOWS", "MAC", "IOS", "LINUX", "ANDROID", "WINDOWS_PHONE"];

    internal static readonly string[] CookieNames = ["session", "sess", "ab", "é", "consent"];

    internal static readonly string[] CookieValues = ["abc123", "c1", "", "1", "é"];

    // Malformed versions stop the core for good, and it reads "14.05" as a decimal number.
    internal static readonly string[] Versions = ["1", "1.2", "1.2.0", "1.2.3", "1.10", "2.0.1", "4.22.0", "4", "14.1"];

    internal static readonly string[] Persons = ["person-1", "person-2", "person-3"];

    internal static readonly long[] Goals = [1, 2, 3];

    internal static readonly long[] Personalizations = [1, 2];

    internal static readonly double[] Scores = [0, 0.25, 42.5, 60, 100];
}
