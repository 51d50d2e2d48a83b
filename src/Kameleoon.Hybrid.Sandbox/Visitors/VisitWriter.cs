using System.Globalization;
using System.Text.Json;

namespace Kameleoon.Hybrid.Sandbox;

/// <summary>Writes a visit in the platform's JSON format: each event with its time, and its fields with their JSON
/// types.</summary>
internal static class VisitWriter
{
    // Who and where, not what happened.
    private static readonly HashSet<string> Envelope = new(StringComparer.Ordinal) { "userAgent", "mappingValue" };

    // A title that looks like a number stays a title.
    private static readonly HashSet<string> Texts = new(StringComparer.Ordinal)
    {
        "href", "title", "canonicalHref", "referrerHref", "country", "region", "city", "postalCode", "browser", "os", "deviceType",
        "localeLanguageTag", "timeZone", "timeZoneId", "ean", "action", "query", "category", "unexpositionCause",
    };

    private static readonly HashSet<string> Json =
        new(StringComparer.Ordinal) { "valuesCountMap", "metadata", "referrersIndices", "keyPagesIndices" };

    internal static void Write(Utf8JsonWriter json, VisitorVisit visit, VisitSelection wanted)
    {
        json.WriteStartObject();
        json.WriteString("visitorCode", visit.Code);
        json.WriteNumber("timeStarted", visit.Started.ToUnixTimeMilliseconds());
        json.WriteNumber("timeLastEvent", visit.LastEvent.ToUnixTimeMilliseconds());
        foreach (var (_, type, list) in VisitSelection.Lists)
        {
            if (wanted.Types.Contains(type))
            {
                json.WriteStartArray(list);
                foreach (var entry in visit.Events.Where(entry => entry.Type.Is(type)))
                {
                    Event(json, entry.Time, entry.Fields);
                }

                json.WriteEndArray();
            }
        }

        if (wanted.Types.Contains("staticData"))
        {
            StaticData(json, visit);
        }

        json.WriteEndObject();
    }

    /// <summary>The platform's name of a browser that came as a number.</summary>
    internal static string BrowserOf(string index) => index switch
    {
        "0" => "CHROME",
        "1" => "INTERNET_EXPLORER",
        "2" => "FIREFOX",
        "3" => "SAFARI",
        "4" => "OPERA",
        _ => "OTHER",
    };

    // It comes in pieces; the newest of each is what holds.
    private static void StaticData(Utf8JsonWriter json, VisitorVisit visit)
    {
        var pieces = visit.Events.Where(entry => entry.Type is "staticData").ToList();
        if (pieces.Count == 0)
        {
            return;
        }

        var merged = new SortedDictionary<string, string>(StringComparer.Ordinal) { ["visitNumber"] = $"{visit.Number - 1}" };
        foreach (var (name, value) in pieces.SelectMany(piece => piece.Fields))
        {
            merged[name] = value;
        }

        if (!merged.ContainsKey("browser") && merged.TryGetValue("browserIndex", out var index))
        {
            merged["browser"] = BrowserOf(index);
        }

        json.WritePropertyName("staticDataEvent");
        Event(json, pieces[^1].Time, merged);
    }

    private static void Event(Utf8JsonWriter json, DateTimeOffset time, IEnumerable<KeyValuePair<string, string>> fields)
    {
        json.WriteStartObject();
        json.WriteNumber("time", time.ToUnixTimeMilliseconds());
        json.WriteStartObject("data");
        foreach (var (name, value) in fields)
        {
            if (!Envelope.Contains(name))
            {
                json.WritePropertyName(name);
                Value(json, name, value);
            }
        }

        json.WriteEndObject();
        json.WriteEndObject();
    }

    private static void Value(Utf8JsonWriter json, string name, string value)
    {
        if (Texts.Contains(name))
        {
            json.WriteStringValue(value);
        }
        else if (value is "true" or "false")
        {
            json.WriteBooleanValue(value is "true");
        }
        else if (Json.Contains(name) && IsJson(value))
        {
            json.WriteRawValue(value);
        }
        else if (decimal.TryParse(value, NumberStyles.Float, CultureInfo.InvariantCulture, out var number))
        {
            json.WriteNumberValue(number);
        }
        else
        {
            json.WriteStringValue(value);
        }
    }

    private static bool IsJson(string value)
    {
        try
        {
            using var document = JsonDocument.Parse(value);
            return true;
        }
        catch (JsonException)
        {
            // Too long to be kept whole, for example.
            return false;
        }
    }
}
