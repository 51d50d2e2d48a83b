using Kameleoon.Hybrid.Decisions;

namespace Kameleoon.Hybrid;

/// <summary>The facts that decisions use: from the visitor's session, else from the request, else from the history on the
/// platform.</summary>
/// <remarks>Immutable for one decision: concurrent requests of the visitor do not change it.</remarks>
/// <param name="visitorCode">The visitor code.</param>
/// <param name="services">The clock, and the SDK's name and version.</param>
/// <param name="record">The visitor's record, or null if there is none.</param>
/// <param name="request">The visitor's request, or null outside of a request.</param>
/// <param name="simulation">The variations that the browser asks to simulate, or null.</param>
internal abstract class KnownFacts(
    string visitorCode,
    VisitorServices services,
    VisitorRecord? record,
    IRequestVisitor? request,
    Simulation? simulation) : IVisitorFacts
{
    private readonly VisitorSnapshot _known = record?.Known ?? VisitorSnapshot.Empty;
    private readonly SavedAssignment[] _assignments = record?.Assignments ?? [];

    public string VisitorCode => visitorCode;

    public DateTimeOffset Now => services.Clock.GetLocalNow();

    public DateTimeOffset StartOfDay => LocalDay.StartOf(Now, services.Clock.LocalTimeZone);

    public string? MappingIdentifier => _known.MappingIdentifier;

    public Consent Consent => _known.Consent;

    public bool IsBot => request?.Request.IsBot == true;

    public Simulation? Simulation => simulation;

    public DeviceType? Device => _known.Device ?? UserAgent?.Device ?? _known.Past.Device;

    public VisitorBrowser? Browser => _known.Browser ?? UserAgent?.Browser ?? _known.Past.Browser;

    public OperatingSystemType? OperatingSystem =>
        _known.OperatingSystem ?? UserAgent?.OperatingSystem ?? _known.Past.OperatingSystem;

    public VisitorLocation? Location => _known.Location;

    public IReadOnlyList<KeyValuePair<string, string>>? Cookies => _known.Cookies ?? request?.Facts.Cookies;

    public string? ApplicationVersion => _known.ApplicationVersion;

    public string SdkLanguage => services.SdkName;

    public string SdkVersion => services.SdkVersion;

    public VisitorPage? LatestPage => _known.LatestPage ?? request?.Facts.Page ?? _known.Past.FindPage(otherThan: null);

    public VisitorPage? PreviousPage => _known.PreviousPage ?? Referrer ?? _known.Past.FindPage(LatestPage?.Address);

    public long? PageViewCount => record is null ? null : _known.PageViews;

    public DateTimeOffset CurrentVisitStart => record?.Started ?? Now;

    private UserAgentReading? UserAgent => _known.UserAgent ?? request?.Facts.UserAgent;

    // A page that was reloaded or posted to itself is its own referrer, which is not the previous page.
    private VisitorPage? Referrer =>
        request?.Facts.Referrer is { } referrer
        && !string.Equals(referrer.Address, LatestPage?.Address, StringComparison.Ordinal)
            ? referrer
            : null;

    public IReadOnlyList<DateTimeOffset>? PreviousVisits => _known.Past.Visits;

    public bool HasPersonalization(long? personalizationId, DateTimeOffset since) =>
        _known.Past.HasPersonalization(personalizationId, since);

    public double? GetLikelihood(long keyMomentId, long goalId) =>
        _known.Past.Kcs?.GetValueOrDefault(keyMomentId)?.TryGetValue(goalId, out var likelihood) == true ? likelihood : null;

    public IReadOnlyDictionary<long, double>? GetBanditScores(long experimentId) =>
        _known.Past.Cbs?.GetValueOrDefault(experimentId);

    public ForcedVariation? FindForced(long experimentId) => _known.Forced.Find(experimentId);

    public IReadOnlyList<string>? GetCustomData(int index) => _known.CustomData.Find(index);

    public abstract Assignment? FindAssignment(long experimentId);

    public abstract bool HasOtherAssignment(long experimentId, DateTimeOffset since);

    public bool HasConversion(long? goalId, DateTimeOffset since)
    {
        foreach (var (goal, time) in _known.Goals.Entries)
        {
            if ((goalId is null || goal == goalId) && time >= since)
            {
                return true;
            }
        }

        return false;
    }

    /// <summary>Whether events wait for the visitor's next tracked action.</summary>
    internal bool HasWaitingEvents => _known.HasWaitingEvents;

    /// <summary>The version of the visitor's data.</summary>
    internal long Version => _known.Version;

    /// <summary>Whether these facts are still current.</summary>
    internal bool AreOf(VisitorRecord? current) =>
        ReferenceEquals(record, current)
        && (current is null
            || (ReferenceEquals(_known, current.Known) && ReferenceEquals(_assignments, current.Assignments)));

    /// <summary>Returns the saved assignment of an experiment, or null.</summary>
    private protected Assignment? FindSaved(long experimentId) =>
        SavedAssignment.IndexOf(_assignments, experimentId) is var place and >= 0
            ? new Assignment(_assignments[place].VariationId, _assignments[place].Time)
            : null;

    /// <summary>Whether an assignment of another experiment since a time is saved.</summary>
    private protected bool HasOtherSaved(long experimentId, DateTimeOffset since)
    {
        foreach (var entry in _assignments)
        {
            if (entry.ExperimentId != experimentId && entry.Time >= since)
            {
                return true;
            }
        }

        return false;
    }
}
