using System.Text.Json.Nodes;

namespace Kameleoon.Hybrid.Interop.Tests;

/// <summary>Data items of a visitor: what an application adds, and what only the platform knows.</summary>
internal sealed class RandomFacts(Dice dice, SiteTraits traits, RandomFlag[] flags, DateTimeOffset now)
{
    // The platform's part comes with the first call of a visitor, for the core adds up what is loaded twice.
    internal JsonNode[] Draw(string code, bool isFirst) =>
    [
        .. isFirst && !traits.LinksDevices ? FromPlatform() : [],
        .. isFirst && traits.LoadsVisits ? [Page()] : Array.Empty<JsonNode>(),
        .. Dice.Times(dice.Percent(15) ? 0 : dice.Between(1, 12), () => FromApplication(MayBeLinked(code))),
    ];

    // The core breaks off where a code that others are linked to is linked to a third.
    private bool MayBeLinked(string code) =>
        traits.LinksDevices && !Words.Persons.Contains(code, StringComparer.Ordinal);

    private IEnumerable<JsonNode> FromPlatform()
    {
        if (traits.LoadsVisits)
        {
            yield return Of("VisitorVisits", ("previousVisits", Visits()));
        }

        if (dice.Percent(35))
        {
            yield return Of("KcsHeat", ("values", Nested(["1", "2"], Words.Goals)));
        }

        RandomRule[] rules = [.. flags.SelectMany(static flag => flag.Rules)];
        if (rules.Length > 0 && dice.Percent(35))
        {
            var rule = dice.One(rules);
            var variations = rule.Exposures.Select(static exposure => exposure.Id).OfType<long>();
            yield return Of("CbScores", ("values", Nested(
                [rule.ExperimentId.ToText()], [.. variations, RandomSlots.UnknownId])));
        }

        if (dice.Percent(35))
        {
            yield return Of("Personalization", ("id", dice.One(Words.Personalizations)), ("variationId", 1));
        }

        if (rules.Length > 0
            && dice.Percent(35)
            && dice.One(rules) is { Exposures: [{ Id: { } variation }, ..] } assigned)
        {
            yield return Of(
                "AssignedVariation", ("experimentId", assigned.ExperimentId), ("variationId", variation));
        }
    }

    private JsonObject FromApplication(bool mayBeLinked) => dice.Below(11) switch
    {
        0 or 1 or 2 => CustomData(mayBeLinked),
        3 => Of("Device", ("device", dice.One(Words.Devices))),
        4 => Of("OperatingSystem", ("os", dice.One(Words.Systems))),
        5 => Browser(),
        6 => Of(
            "Geolocation",
            ("country", dice.One(Words.Countries)),
            ("region", dice.Percent(50) ? null : dice.One(Words.Regions)),
            ("city", dice.Percent(50) ? null : dice.One(Words.Cities))),
        7 => Of("Cookie", ("cookies", Cookies())),
        8 => Of("ApplicationVersion", ("version", dice.One(Words.Versions))),
        9 => Of("Conversion", ("goalId", dice.One(Words.Goals))),
        _ => Page(),
    };

    // No empty first value for buckets: the core would fall back to the visitor code.
    private JsonObject CustomData(bool mayBeLinked)
    {
        var (slot, pool) = dice.Below(mayBeLinked ? 6 : 5) switch
        {
            0 => (RandomSlots.Number, Words.Numbers),
            1 => (RandomSlots.Flag, Words.Flags),
            2 => (RandomSlots.Bucket, ["company-1", "company-2", "é", "a"]),
            3 or 4 => (RandomSlots.Text, [.. Words.Texts, ""]),
            _ => (RandomSlots.Person, Words.Persons),
        };
        var values = Dice.Times(dice.Percent(80) ? 1 : dice.Between(0, 3), () => dice.One(pool)).ToJson();
        return dice.Percent(70)
            ? Of("CustomData", ("index", slot), ("values", values))
            : Of("CustomData", ("name", dice.Percent(95) ? RandomSlots.Names[slot] : "unheard of"), ("values", values));
    }

    private JsonObject Browser()
    {
        var name = dice.One("CHROME", "INTERNET_EXPLORER", "FIREFOX", "SAFARI", "OPERA", "OTHER");
        var browser = Of("Browser", ("browser", name));
        if (dice.Percent(70))
        {
            browser["version"] = dice.One(1, 2, 4, 14.1, 1.2, 1.1, 140);
        }

        return browser;
    }

    private JsonObject Cookies()
    {
        var cookies = new JsonObject();
        foreach (var name in Dice.Times(dice.Between(1, 3), () => dice.One(Words.CookieNames)))
        {
            cookies[name] = dice.One(Words.CookieValues);
        }

        return cookies;
    }

    private JsonObject Page() =>
        Of("PageView", ("url", dice.One(Words.Addresses)), ("title", dice.One(Words.Titles)));

    /// <summary>When earlier visits started, the most recent first.</summary>
    private JsonArray Visits()
    {
        var time = now;
        return Dice.Times(dice.Between(0, 5), () =>
        {
            time = time.AddMinutes(-dice.Between(1, dice.One(30, 600, 20_000, 60_000)));
            return new JsonObject { ["timeStarted"] = time.ToUnixTimeMilliseconds() };
        }).ToJson();
    }

    private JsonObject Nested(ReadOnlySpan<string> outer, long[] inner)
    {
        var values = new JsonObject();
        foreach (var name in outer)
        {
            var scores = new JsonObject();
            foreach (var id in inner)
            {
                scores[id.ToText()] = dice.One(Words.Scores);
            }

            values[name] = scores;
        }

        return values;
    }

    private static JsonObject Of(string type, params ReadOnlySpan<(string Name, JsonNode? Value)> members)
    {
        var item = new JsonObject { ["type"] = type };
        foreach (var (name, value) in members)
        {
            item[name] = value;
        }

        return item;
    }
}
