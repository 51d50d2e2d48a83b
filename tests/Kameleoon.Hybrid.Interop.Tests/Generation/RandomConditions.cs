using System.Text.Json;
using System.Text.Json.Nodes;

namespace Kameleoon.Hybrid.Interop.Tests;

/// <summary>Conditions on what a visitor brings along: code, custom data, browser, place, cookies.</summary>
internal sealed class RandomConditions(Dice dice)
{
    internal JsonObject Draw() => dice.Below(12) switch
    {
        0 or 1 or 2 => Included(dice, CustomDatum()),
        3 => Included(dice, Of("DEVICE_TYPE", ("device", dice.One(Words.Devices)))),
        4 => Included(dice, Of("OPERATING_SYSTEM", ("os", dice.One(Words.Systems)))),
        5 => Included(dice, Browser()),
        6 => Included(dice, Place()),
        7 => Included(dice, Cookie()),
        8 => Included(dice, Versioned("SDK_LANGUAGE", ("sdkLanguage", dice.One("CSHARP", "CSHARP", "JAVA")))),
        9 => Included(dice, Of(
            "APPLICATION_VERSION", ("version", dice.One(Words.Versions)), ("versionMatchType", Comparison()))),
        10 => Included(dice, Code()),
        _ => Unknown(),
    };

    /// <summary>Takes a condition back by chance; absent and null mean that it is to hold.</summary>
    internal static JsonObject Included(Dice dice, JsonObject condition)
    {
        if (dice.Percent(85))
        {
            condition["isInclude"] = dice.One<bool?>(true, false, null);
        }

        return condition;
    }

    internal static JsonObject Of(string type, params ReadOnlySpan<(string Name, JsonNode? Value)> members)
    {
        var condition = new JsonObject { ["targetingType"] = type };
        foreach (var (name, value) in members)
        {
            condition[name] = value;
        }

        return condition;
    }

    // Taken back (isInclude: false), the core lets everybody in all the same.
    private JsonObject Unknown() =>
        Of(dice.One("WEATHER", "DAY_OF_WEEK", "JS_CODE", "device_type"), ("isInclude", dice.One<bool?>(true, null)));

    // RANGE is known to the core alone; a null value, a list with other things than texts or none at all fail there.
    private JsonObject CustomDatum()
    {
        var (index, kind, value) = dice.Below(10) switch
        {
            0 => (dice.One(0, 1, 2, 4, 17), "UNDEFINED", null),
            1 => (dice.One(RandomSlots.Text, RandomSlots.Flag), dice.One("TRUE", "FALSE"), null),
            2 => (RandomSlots.Text, "AMONG_VALUES", AnyTexts()),
            3 => (RandomSlots.Text, "REGULAR_EXPRESSION", dice.One(Words.Patterns)),
            4 => (dice.One(RandomSlots.Text, RandomSlots.Bucket), "CONTAINS", dice.One("", "a", "é", "1", "ro")),
            5 => (RandomSlots.Flag, "EXACT", dice.One(Words.Flags)),
            6 or 7 => (RandomSlots.Number, Comparison(), dice.One(Words.Numbers)),
            8 => (RandomSlots.Text, "NEWER", "x"),
            _ => (RandomSlots.Text, "EXACT", dice.One(Words.Texts)),
        };
        return Of(
            "CUSTOM_DATUM",
            ("customDataIndex", dice.Percent(95) ? index.ToText() : $"00{index.ToText()}"),
            ("valueMatchType", kind),
            ("value", value));
    }

    private string AnyTexts() => JsonSerializer.Serialize(Dice.Times(3, () => dice.One(Words.Texts)));

    // A name that is not in the list of the SDKs is another browser to some, and a browser of that name to the core.
    private JsonObject Browser() => dice.Percent(60)
        ? Of("BROWSER", ("browser", BrowserName()))
        : Versioned("BROWSER", ("browser", BrowserName()));

    private string BrowserName() => dice.One("CHROME", "IE", "FIREFOX", "SAFARI", "OPERA", "OTHER");

    private JsonObject Place() => Of(
        "GEOLOCATION",
        ("country", dice.One(Words.Countries)),
        ("region", dice.Percent(60) ? null : dice.One(Words.Regions)),
        ("city", dice.Percent(60) ? null : dice.One(Words.Cities)));

    private JsonObject Cookie() => dice.Percent(50)
        ? Of(
            "COOKIE",
            ("name", dice.One(Words.CookieNames)),
            ("nameMatchType", dice.One("EXACT", "CONTAINS", "OPTIONAL")),
            ("value", dice.One(Words.CookieValues)),
            ("valueMatchType", dice.One("EXACT", "CONTAINS")))
        : Of(
            "COOKIE",
            ("name", dice.One("^se", "[a-c]$", "s{2}")),
            ("nameMatchType", "REGULAR_EXPRESSION"),
            ("value", dice.One(Words.Patterns)),
            ("valueMatchType", "REGULAR_EXPRESSION"));

    private JsonObject Versioned(string type, (string Name, JsonNode? Value) member) => Of(
        type, member, ("version", dice.One([.. Words.Versions, null])), ("versionMatchType", Comparison()));

    // The core lets nobody pass an empty text here, nor in the conditions on pages.
    private JsonObject Code() => dice.Percent(50)
        ? Of(
            "VISITOR_CODE",
            ("matchType", "REGULAR_EXPRESSION"),
            ("visitorCode", dice.One("^[a-m]", "[0-4]$", "^.{16}$", "é")))
        : Of(
            "VISITOR_CODE",
            ("matchType", dice.One("CONTAINS", "CONTAINS", "EXACT", "OTHER")),
            ("visitorCode", dice.One("a", "7", "訪", "person-1", "0")));

    private string Comparison() => dice.One("EQUAL", "GREATER", "LOWER");
}
