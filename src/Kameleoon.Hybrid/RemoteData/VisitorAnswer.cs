using System.Text.Json.Serialization;

namespace Kameleoon.Hybrid;

/// <summary>The platform's response about a visitor, as received. Every member may be missing or null, and is null where it
/// does not fit.</summary>
internal sealed record VisitorAnswer(
    [property: JsonConverter(typeof(Tolerant<VisitAnswer>))] VisitAnswer? CurrentVisit,
    [property: JsonConverter(typeof(TolerantList<VisitAnswer>))] IReadOnlyList<VisitAnswer?>? PreviousVisits,
    [property: JsonConverter(typeof(Tolerant<Dictionary<long, Dictionary<long, double>?>>))]
    Dictionary<long, Dictionary<long, double>?>? Kcs,
    [property: JsonConverter(typeof(Tolerant<Dictionary<long, Dictionary<long, double>?>>))]
    Dictionary<long, Dictionary<long, double>?>? Cbs);

internal sealed record VisitAnswer(
    [property: JsonConverter(typeof(Tolerant<string>))] string? VisitorCode,
    long TimeStarted,
    long TimeLastEvent,
    [property: JsonConverter(typeof(TolerantList<EventAnswer<CustomDataAnswer>>))]
    IReadOnlyList<EventAnswer<CustomDataAnswer>?>? CustomDataEvents,
    [property: JsonConverter(typeof(TolerantList<EventAnswer<PageAnswer>>))]
    IReadOnlyList<EventAnswer<PageAnswer>?>? PageEvents,
    [property: JsonConverter(typeof(TolerantList<EventAnswer<AssignmentAnswer>>))]
    IReadOnlyList<EventAnswer<AssignmentAnswer>?>? ExperimentEvents,
    [property: JsonConverter(typeof(TolerantList<EventAnswer<AssignmentAnswer>>))]
    IReadOnlyList<EventAnswer<AssignmentAnswer>?>? PersonalizationEvents,
    [property: JsonConverter(typeof(TolerantList<EventAnswer<ConversionAnswer>>))]
    IReadOnlyList<EventAnswer<ConversionAnswer>?>? ConversionEvents,
    [property: JsonConverter(typeof(TolerantList<EventAnswer<GeolocationAnswer>>))]
    IReadOnlyList<EventAnswer<GeolocationAnswer>?>? GeolocationEvents,
    [property: JsonConverter(typeof(Tolerant<EventAnswer<StaticDataAnswer>>))]
    EventAnswer<StaticDataAnswer>? StaticDataEvent);

internal sealed record EventAnswer<T>(long Time, T? Data)
    where T : class;

internal sealed record CustomDataAnswer(int Index, Dictionary<string, int>? ValuesCountMap);

internal sealed record PageAnswer(string? Href, string? Title);

internal sealed record AssignmentAnswer(long Id, long VariationId);

internal sealed record ConversionAnswer(int GoalId, decimal Revenue, bool Negative);

internal sealed record GeolocationAnswer(string? Country, string? Region, string? City);

internal sealed record StaticDataAnswer(int? VisitNumber, string? DeviceType, string? Browser, float? BrowserVersion, string? Os);

[JsonSourceGenerationOptions(
    PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase, NumberHandling = JsonNumberHandling.AllowReadingFromString)]
[JsonSerializable(typeof(VisitorAnswer))]
[JsonSerializable(typeof(string))]
[JsonSerializable(typeof(VisitAnswer))]
[JsonSerializable(typeof(EventAnswer<CustomDataAnswer>))]
[JsonSerializable(typeof(EventAnswer<PageAnswer>))]
[JsonSerializable(typeof(EventAnswer<AssignmentAnswer>))]
[JsonSerializable(typeof(EventAnswer<ConversionAnswer>))]
[JsonSerializable(typeof(EventAnswer<GeolocationAnswer>))]
[JsonSerializable(typeof(EventAnswer<StaticDataAnswer>))]
[JsonSerializable(typeof(Dictionary<long, Dictionary<long, double>?>))]
internal sealed partial class RemoteDataJson : JsonSerializerContext;
