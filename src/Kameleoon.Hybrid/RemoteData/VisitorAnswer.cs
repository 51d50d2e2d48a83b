using System.Text.Json.Serialization;

namespace Kameleoon.Hybrid;

/// <summary>The platform's response about a visitor, as received. Every member may be missing or null.</summary>
internal sealed record VisitorAnswer(
    VisitAnswer? CurrentVisit,
    IReadOnlyList<VisitAnswer?>? PreviousVisits,
    Dictionary<long, Dictionary<long, double>?>? Kcs,
    Dictionary<long, Dictionary<long, double>?>? Cbs);

internal sealed record VisitAnswer(
    string? VisitorCode,
    long TimeStarted,
    long TimeLastEvent,
    IReadOnlyList<EventAnswer<CustomDataAnswer>?>? CustomDataEvents,
    IReadOnlyList<EventAnswer<PageAnswer>?>? PageEvents,
    IReadOnlyList<EventAnswer<AssignmentAnswer>?>? ExperimentEvents,
    IReadOnlyList<EventAnswer<AssignmentAnswer>?>? PersonalizationEvents,
    IReadOnlyList<EventAnswer<ConversionAnswer>?>? ConversionEvents,
    IReadOnlyList<EventAnswer<GeolocationAnswer>?>? GeolocationEvents,
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
internal sealed partial class RemoteDataJson : JsonSerializerContext;
