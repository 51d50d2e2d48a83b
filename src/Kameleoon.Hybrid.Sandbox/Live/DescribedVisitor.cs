using Kameleoon.Hybrid.Decisions;

namespace Kameleoon.Hybrid.Sandbox;

/// <summary>A visitor described by the parameters of a request; nothing else is known of it.</summary>
internal sealed record DescribedVisitor(string VisitorCode, DateTimeOffset Now) : IVisitorFacts
{
    private static readonly IVisitorFacts Defaults = new Unknown();

    public DateTimeOffset StartOfDay { get; init; } = new(Now.Date, Now.Offset);

    public string? MappingIdentifier { get; init; }

    public Consent Consent { get; init; }

    public bool IsBot { get; init; }

    public Simulation? Simulation { get; init; }

    public DeviceType? Device { get; init; }

    public VisitorBrowser? Browser { get; init; }

    public OperatingSystemType? OperatingSystem { get; init; }

    public VisitorLocation? Location { get; init; }

    public IReadOnlyList<KeyValuePair<string, string>>? Cookies { get; init; }

    public string? ApplicationVersion { get; init; }

    public string SdkLanguage { get; init; } = Defaults.SdkLanguage;

    public string SdkVersion { get; init; } = Defaults.SdkVersion;

    public VisitorPage? LatestPage { get; init; }

    public VisitorPage? PreviousPage { get; init; }

    public long? PageViewCount { get; init; }

    public DateTimeOffset CurrentVisitStart { get; init; } = Now;

    public IReadOnlyList<DateTimeOffset>? PreviousVisits { get; init; }

    internal ILookup<int, string> CustomData { get; init; } = None<int, string>();

    internal ILookup<long, Assignment> Assignments { get; init; } = None<long, Assignment>();

    internal ILookup<long, DateTimeOffset> Conversions { get; init; } = None<long, DateTimeOffset>();

    internal ILookup<long, DateTimeOffset> Personalizations { get; init; } = None<long, DateTimeOffset>();

    internal ILookup<long, Decisions.ForcedVariation> Forced { get; init; } = None<long, Decisions.ForcedVariation>();

    /// <summary>By experiment, a variation and its score.</summary>
    internal ILookup<long, KeyValuePair<long, double>> Scores { get; init; } = None<long, KeyValuePair<long, double>>();

    /// <summary>By moment of the visit, a goal and the likelihood of its conversion.</summary>
    internal ILookup<long, KeyValuePair<long, double>> Likelihoods { get; init; } =
        None<long, KeyValuePair<long, double>>();

    public Decisions.ForcedVariation? FindForced(long experimentId) => Forced[experimentId].LastOrDefault();

    public IReadOnlyDictionary<long, double>? GetBanditScores(long experimentId) =>
        Scores.Contains(experimentId) ? Latest(Scores[experimentId]) : null;

    public IReadOnlyList<string>? GetCustomData(int index) =>
        CustomData.Contains(index) ? [.. CustomData[index]] : null;

    public Assignment? FindAssignment(long experimentId) =>
        Assignments.Contains(experimentId) ? Assignments[experimentId].MaxBy(assignment => assignment.Time) : null;

    public bool HasOtherAssignment(long experimentId, DateTimeOffset since) =>
        Assignments.Any(group => group.Key != experimentId && group.Any(assignment => assignment.Time >= since));

    public bool HasConversion(long? goalId, DateTimeOffset since) => Happened(Conversions, goalId, since);

    public bool HasPersonalization(long? personalizationId, DateTimeOffset since) =>
        Happened(Personalizations, personalizationId, since);

    public double? GetLikelihood(long keyMomentId, long goalId) =>
        Latest(Likelihoods[keyMomentId]).TryGetValue(goalId, out var likelihood) ? likelihood : null;

    private static bool Happened(ILookup<long, DateTimeOffset> times, long? id, DateTimeOffset since) =>
        times.Any(group => (id is null || group.Key == id) && group.Any(time => time >= since));

    private static Dictionary<long, double> Latest(IEnumerable<KeyValuePair<long, double>> numbers) =>
        numbers.GroupBy(number => number.Key).ToDictionary(group => group.Key, group => group.Last().Value);

    private static ILookup<TKey, TValue> None<TKey, TValue>()
        where TKey : notnull => Enumerable.Empty<TValue>().ToLookup(_ => default(TKey)!);

    // Provides the defaults of the interface.
    private sealed class Unknown : IVisitorFacts
    {
        public string VisitorCode => "";

        public DateTimeOffset Now => default;
    }
}
