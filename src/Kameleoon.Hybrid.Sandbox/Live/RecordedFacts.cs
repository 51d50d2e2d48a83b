using System.Globalization;
using System.Text.Json;

namespace Kameleoon.Hybrid.Sandbox;

/// <summary>Returns what was recorded of a visitor, as the parameters that <see cref="VisitorFactsReader"/> reads.
/// </summary>
/// <remarks>As the SDKs read a visitor's history: of what came several times, the latest counts.</remarks>
internal sealed class RecordedFacts(Recorder recorder, StoredSettings settings, ProjectFile dataFile)
{
    private static readonly string[] Places = ["country", "region", "city"];

    /// <summary>Nothing for a visitor who was never seen.</summary>
    internal IReadOnlyDictionary<string, IReadOnlyList<string>> Of(string code)
    {
        var history = recorder.Read(view => History.Of(view, code));
        var events = history.Events;
        var facts = new SortedDictionary<string, IReadOnlyList<string>>(StringComparer.Ordinal);
        Add("person", history.Person.Is(code) ? [] : [history.Person]);
        Add("visitStart", history.Visits.Take(1).Select(Text));
        Add("earlierVisit", history.Visits.Skip(1).Select(Text));
        AddBrowser(events, Add);
        AddPages(events, Add);
        if (events.Find(entry => entry.Type is "geolocation") is { } place)
        {
            Array.ForEach(Places, name => Add(name, Field(place, name)));
        }

        Add("customData", Latest(events, "customData", "index", "valuesCountMap").SelectMany(CustomData));
        Add("assignment", Latest(events, "experiment", "id", "variationId")
            .Select(seen => $"{seen.Fields["id"]}={seen.Fields["variationId"]}@{Text(seen.Time)}"));
        Add("conversion", Latest(events, "conversion", "goalId")
            .Select(goal => $"{goal.Fields["goalId"]}@{Text(goal.Time)}"));
        Add("personalization", Latest(events, "personalization", "id")
            .Where(seen => !seen.Fields.ContainsKey("unexpositionCause"))
            .Select(seen => $"{seen.Fields["id"]}@{Text(seen.Time)}"));
        Add("likelihood", Scores("kcs", code));
        Add("score", Scores("cbs", code));
        return facts;

        void Add(string name, IEnumerable<string> values)
        {
            if (values.ToList() is { Count: > 0 } known)
            {
                facts[name] = known;
            }
        }
    }

    // It comes in pieces; the newest of each is what holds.
    private static void AddBrowser(List<RecordedEvent> events, Action<string, IEnumerable<string>> add)
    {
        var pieces = events.Where(entry => entry.Type is "staticData").ToList();
        add("device", Words("deviceType").Where(VisitorFactsReader.IsWord<DeviceType>).Take(1));
        add("os", Words("os").Where(VisitorFactsReader.IsWord<OperatingSystemType>).Take(1));
        add("browser", Pieces("browserIndex").Take(1).Select(VisitWriter.BrowserOf));
        add("browserVersion", Pieces("browserVersion").Where(VisitorFactsReader.IsNumber).Take(1));

        IEnumerable<string> Pieces(string name) => pieces.SelectMany(piece => Field(piece, name));

        IEnumerable<string> Words(string name) => Pieces(name).Select(word => word.ToUpperInvariant());
    }

    private static void AddPages(List<RecordedEvent> events, Action<string, IEnumerable<string>> add)
    {
        var pages = events.Where(entry => entry.Type is "page").ToList();
        if (pages is [var latest, ..])
        {
            var address = latest.Fields.GetValueOrDefault("href");
            add("pageViews", [pages.Count.ToString(CultureInfo.InvariantCulture)]);
            add("page", Field(latest, "href"));
            add("title", Field(latest, "title"));
            add("previousPage", pages.SelectMany(page => Field(page, "href")).Where(href => !href.Is(address)).Take(1));
        }
    }

    // A line may have been too long to be kept whole.
    private static IEnumerable<RecordedEvent> Latest(
        List<RecordedEvent> events, string type, string id, string? other = null) => events
        .Where(entry => entry.Type.Is(type) && entry.Fields.ContainsKey(id) && entry.Fields.ContainsKey(other ?? id))
        .DistinctBy(entry => entry.Fields[id], StringComparer.Ordinal);

    private static string[] Field(RecordedEvent entry, string name) =>
        entry.Fields.GetValueOrDefault(name) is { Length: > 0 } text ? [text] : [];

    private static string Text(DateTimeOffset time) => time.UtcDateTime.ToString("O", CultureInfo.InvariantCulture);

    private IEnumerable<string> CustomData(RecordedEvent entry)
    {
        var index = entry.Fields["index"];
        var slot = dataFile.ReadRecent().ServedProject?.Data.CustomData
            .FirstOrDefault(one => one.Index.ToString(CultureInfo.InvariantCulture).Is(index))?.Name ?? index;
        return Members(entry.Fields["valuesCountMap"]).Select(value => $"{slot}={value.Name}");
    }

    private IEnumerable<string> Scores(string kind, string code) =>
        from outer in Members(settings.Score(kind, code) ?? "{}")
        where outer.Value.ValueKind == JsonValueKind.Object
        from inner in outer.Value.EnumerateObject().ToArray()
        select $"{outer.Name}/{inner.Name}={inner.Value}";

    private static JsonProperty[] Members(string json)
    {
        try
        {
            return JsonElement.Parse(HalfPairs.Replace(json)) is { ValueKind: JsonValueKind.Object } members
                ? [.. members.EnumerateObject()]
                : [];
        }
        catch (JsonException)
        {
            return [];
        }
    }

    /// <summary>Of all codes of a person, the latest first.</summary>
    /// <param name="Person">The code that buckets them.</param>
    /// <param name="Visits">When each began.</param>
    /// <param name="Events">What counts.</param>
    private sealed record History(string Person, List<DateTimeOffset> Visits, List<RecordedEvent> Events)
    {
        internal static History Of(RecorderView view, string code)
        {
            var codes = view.Links.CodesOf(code);
            var visitors = codes.Append(code).Distinct(StringComparer.Ordinal)
                .Select(view.Visitors.Find).OfType<RecordedVisitor>().ToList();
            return new History(
                codes[0],
                [.. visitors.SelectMany(visitor => visitor.Visits).Select(visit => visit.Started).OrderDescending()],
                [
                    .. visitors.SelectMany(visitor => visitor.Events).Where(entry => entry.Counted)
                        .OrderByDescending(entry => entry.Number),
                ]);
        }
    }
}
