namespace Kameleoon.Hybrid.Decisions.Tests;

/// <summary>One code with what is known of the person behind it.</summary>
internal sealed class TestVisitor(string code, VisitorRecord record) : IVisitorFacts
{
    internal TestVisitor(string code)
        : this(code, new VisitorRecord())
    {
    }

    internal VisitorRecord Record => record;

    /// <summary>How many conditions asked for the device.</summary>
    internal int DeviceReads { get; private set; }

    public string VisitorCode => code;

    public DateTimeOffset Now => record.Now;

    public string? MappingIdentifier => record.MappingIdentifier;

    public Consent Consent => record.Consent;

    public bool IsBot => record.IsBot;

    public Simulation? Simulation => record.Simulation;

    public DeviceType? Device
    {
        get
        {
            DeviceReads++;
            return record.Device;
        }
    }

    public VisitorBrowser? Browser => record.Browser;

    public OperatingSystemType? OperatingSystem => record.OperatingSystem;

    public VisitorLocation? Location => record.Location;

    public IReadOnlyList<KeyValuePair<string, string>>? Cookies => record.Cookies;

    public string? ApplicationVersion => record.ApplicationVersion;

    public string SdkLanguage => record.SdkLanguage;

    public string SdkVersion => record.SdkVersion;

    public VisitorPage? LatestPage => record.Pages is [.., var latest] ? latest : null;

    public VisitorPage? PreviousPage => record.Pages is [.., var previous, _] ? previous : null;

    public long? PageViewCount => record.IsKnown ? record.PageViewCount : null;

    public DateTimeOffset CurrentVisitStart => record.CurrentVisitStart ?? record.Now;

    public IReadOnlyList<DateTimeOffset>? PreviousVisits => record.PreviousVisits;

    public ForcedVariation? FindForced(long experimentId) => record.Forced.GetValueOrDefault(experimentId);

    public IReadOnlyDictionary<long, double>? GetBanditScores(long experimentId) =>
        record.BanditScores.GetValueOrDefault(experimentId);

    public IReadOnlyList<string>? GetCustomData(int index) => record.CustomData.GetValueOrDefault(index);

    public Assignment? FindAssignment(long experimentId) =>
        record.Assignments.TryGetValue(experimentId, out var assignment) ? assignment : null;

    public bool HasOtherAssignment(long experimentId, DateTimeOffset since) =>
        record.Assignments.Any(entry => entry.Key != experimentId && entry.Value.Time >= since);

    public bool HasConversion(long? goalId, DateTimeOffset since) =>
        record.Conversions.Any(entry => (goalId is null || entry.GoalId == goalId) && entry.Time >= since);

    public bool HasPersonalization(long? personalizationId, DateTimeOffset since) =>
        record.Personalizations.Any(entry =>
            (personalizationId is null || entry.Key == personalizationId) && entry.Value >= since);

    public double? GetLikelihood(long keyMomentId, long goalId) =>
        record.Likelihoods.TryGetValue((keyMomentId, goalId), out var likelihood) ? likelihood : null;

    /// <summary>Keeps what a decision assigns, as a client does.</summary>
    internal Decision Save(Decision decision)
    {
        record.Save(decision.Holdout, runsInBrowser: false);
        record.Save(decision.Variation, decision.Flag is { RunsInBrowser: true });
        return decision;
    }
}
