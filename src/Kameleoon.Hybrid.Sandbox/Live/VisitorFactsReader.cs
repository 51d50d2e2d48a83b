using System.Collections.Frozen;
using System.Diagnostics.CodeAnalysis;
using System.Globalization;
using System.Runtime.InteropServices;
using Kameleoon.Hybrid.Decisions;
using Microsoft.Extensions.Primitives;

namespace Kameleoon.Hybrid.Sandbox;

/// <summary>Reads a visitor's facts from request parameters, one parameter a fact; a parameter may repeat.</summary>
internal sealed class VisitorFactsReader
{
    private static readonly FrozenSet<string> Names = FrozenSet.Create(
        StringComparer.Ordinal,
        "flag", "visitor", "environment", "person", "consent", "bot", "simulation", "device", "browser",
        "browserVersion", "os", "country", "region", "city", "cookie", "applicationVersion", "sdkLanguage", "sdkVersion", "page", "title",
        "previousPage", "pageViews", "visitStart", "earlierVisit", "customData", "assignment", "conversion",
        "personalization", "forced", "score", "likelihood");

    private readonly IReadOnlyDictionary<string, StringValues> _values;
    private readonly DataFile _dataFile;
    private readonly TimeZoneInfo _zone;
    private readonly DateTimeOffset _now;
    private readonly List<string> _problems = [];

    internal VisitorFactsReader(IReadOnlyDictionary<string, StringValues> values, DataFile dataFile, TimeProvider clock)
    {
        _values = values;
        _dataFile = dataFile;
        _zone = clock.LocalTimeZone;
        _now = clock.GetLocalNow();
        _problems.AddRange(
            values.Keys.Where(name => !Names.Contains(name)).Select(name => $"There is no fact \"{name}\"."));
    }

    /// <summary>What cannot be read, a sentence each.</summary>
    internal IReadOnlyList<string> Problems => _problems;

    internal static bool IsWord<T>(string text)
        where T : struct, Enum => TryWord<T>(text, out _);

    internal static bool IsNumber(string text) => TryNumber(text, out _);

    internal DescribedVisitor Of(string visitorCode)
    {
        var visitor = new DescribedVisitor(visitorCode, _now)
        {
            StartOfDay = LocalDay.StartOf(_now, _zone),
            MappingIdentifier = Text("person"),
            Consent = Word<Consent>("consent") ?? Consent.Unknown,
            IsBot = Text("bot") is "true",
            Simulation = Text("simulation") is { } simulation ? Simulated(simulation) : null,
            Device = Word<DeviceType>("device"),
            Browser = Browser(),
            OperatingSystem = Word<OperatingSystemType>("os"),
            Location = Location(),
            Cookies = _values.ContainsKey("cookie")
                ? [.. Pairs("cookie").Select(pair => KeyValuePair.Create(pair.Name, pair.Value))]
                : null,
            ApplicationVersion = Text("applicationVersion"),
            LatestPage = Text("page") is { } page ? new VisitorPage(page, Text("title")) : null,
            PreviousPage = Text("previousPage") is { } previous ? new VisitorPage(previous) : null,
            PageViewCount = (long?)Number("pageViews") ?? (Text("page") is null ? null : 1),
            CurrentVisitStart = Text("visitStart") is { } start ? Time("visitStart", start) : _now,
            PreviousVisits = _values.ContainsKey("earlierVisit")
                ? [.. All("earlierVisit").Select(text => Time("earlierVisit", text)).OrderDescending()]
                : null,
            CustomData = Pairs("customData").ToLookup(pair => Slot(pair.Name), pair => pair.Value),
            Assignments = Dated("assignment").Select(dated => (Pair: Pair("assignment", dated.Text), dated.Time))
                .ToLookup(
                    entry => Id("assignment", entry.Pair.Name),
                    entry => new Assignment(Id("assignment", entry.Pair.Value), entry.Time)),
            Conversions = Dated("conversion").ToLookup(dated => Id("conversion", dated.Text), dated => dated.Time),
            Personalizations =
                Dated("personalization").ToLookup(dated => Id("personalization", dated.Text), dated => dated.Time),
            Forced = Pairs("forced").Select(pair => (Experiment: Id("forced", pair.Name), pair.Value))
                .Select(pair => (pair.Experiment, Forced: Force(pair.Experiment, pair.Value)))
                .Where(pair => pair.Forced is not null)
                .ToLookup(pair => pair.Experiment, pair => pair.Forced!),
            Scores = Figures("score"),
            Likelihoods = Figures("likelihood"),
        };
        return visitor with
        {
            SdkLanguage = Text("sdkLanguage") ?? visitor.SdkLanguage,
            SdkVersion = Text("sdkVersion") ?? visitor.SdkVersion,
        };
    }

    private VisitorBrowser? Browser() => Word<BrowserType>("browser") is { } browser
        ? new VisitorBrowser(browser, (float?)Number("browserVersion"))
        : null;

    private VisitorLocation? Location() => Text("country") is { } country
        ? new VisitorLocation(country, Text("region"), Text("city"))
        : null;

    private IEnumerable<string> All(string name) =>
        _values.GetValueOrDefault(name).OfType<string>().Select(text => text.Trim()).Where(text => text.Length > 0);

    private string? Text(string name) => All(name).LastOrDefault();

    private T? Word<T>(string name)
        where T : struct, Enum
    {
        if (Text(name) is not { } text)
        {
            return null;
        }

        if (TryWord<T>(text, out var word))
        {
            return word;
        }

        _problems.Add($"The fact \"{name}\" is \"{text}\"; it can be {string.Join(", ", Enum.GetNames<T>())}.");
        return null;
    }

    // The platform writes WINDOWS_PHONE.
    private static bool TryWord<T>(string text, out T word)
        where T : struct, Enum =>
        Enum.TryParse(text.Replace("_", "", StringComparison.Ordinal), ignoreCase: true, out word)
        && Enum.IsDefined(word) && !char.IsAsciiDigit(text[0]);

    private double? Number(string name) => Text(name) is { } text ? Number(name, text) : null;

    private double Number(string name, string text) =>
        TryNumber(text, out var number)
            ? number
            : Mistaken<double>(name, text, "a number");

    private static bool TryNumber(string text, out double number) =>
        double.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out number) && double.IsFinite(number);

    private long Id(string name, string text) =>
        long.TryParse(text, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var id)
            ? id
            : Mistaken<long>(name, text, "an id");

    private DateTimeOffset Time(string name, string text) =>
        DateTimeOffset.TryParse(text, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal, out var time)
            ? time
            : Mistaken<DateTimeOffset>(name, text, "a time, as 2026-01-31T12:00:00Z");

    private IEnumerable<(string Name, string Value)> Pairs(string name) => All(name).Select(text => Pair(name, text));

    private (string Name, string Value) Pair(string name, string text) =>
        text.Split('=', 2, StringSplitOptions.TrimEntries) is [{ Length: > 0 } left, var right]
            ? (left, right)
            : (text, Mistaken<string>(name, text, "two parts with a \"=\" between") ?? "");

    /// <summary>What happened at a time; without one, now.</summary>
    private IEnumerable<Dated> Dated(string name) => All(name).Select(text =>
        text.Split('@', 2, StringSplitOptions.TrimEntries) is [var what, var time]
            ? new Dated(what, Time(name, time))
            : new Dated(text, _now));

    /// <summary>Numbers by two ids, as <c>1/2=0.5</c>.</summary>
    private ILookup<long, KeyValuePair<long, double>> Figures(string name) => Pairs(name)
        .Select(pair => (Ids: pair.Name.Split('/', 2), Number: Number(name, pair.Value)))
        .ToLookup(
            figure => Id(name, figure.Ids[0]),
            figure => KeyValuePair.Create(Id(name, figure.Ids[^1]), figure.Number));

    private int Slot(string text)
    {
        if (_dataFile.FindCustomData(text) is { } slot)
        {
            return slot.Index;
        }

        return int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var index)
            ? index
            : Mistaken<int>("customData", text, "the name or the index of custom data");
    }

    private Decisions.ForcedVariation? Force(long experiment, string variation)
    {
        if (_dataFile.TryForce(experiment, variation, forceTargeting: true, out var forced) != ForcedVariationResult.Forced)
        {
            _problems.Add(string.Create(
                CultureInfo.InvariantCulture, $"The experiment {experiment} has no variation \"{variation}\" to force."));
        }

        return forced;
    }

    private Simulation Simulated(string json)
    {
        var simulation = _dataFile.ReadSimulation(json);
        _problems.AddRange(simulation.Problems);
        return simulation;
    }

    [return: MaybeNull]
    private T Mistaken<T>(string name, string text, string wanted)
    {
        _problems.Add($"The fact \"{name}\" is \"{text}\", which is not {wanted}.");
        return default;
    }
}

/// <summary>What happened, and when.</summary>
[StructLayout(LayoutKind.Auto)]
internal readonly record struct Dated(string Text, DateTimeOffset Time);
