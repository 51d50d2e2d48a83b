namespace Kameleoon.Hybrid.Decisions;

/// <summary>What a decision may ask about a visitor; asked only when the data file needs the answer.</summary>
/// <remarks>
/// Whatever an implementation does not override is unknown, which a condition takes as "does not hold".
/// Answers must not change while one decision is taken, and should be cheap: none may do I/O.
/// </remarks>
public interface IVisitorFacts
{
    /// <summary>The visitor code: 1 to 255 UTF-16 units, compared ordinally.</summary>
    string VisitorCode { get; }

    /// <summary>The instant of the decision; its offset is that of the place where the site's days begin.</summary>
    DateTimeOffset Now { get; }

    /// <summary>The midnight with which the current day began; by default that of <see cref="Now"/>.</summary>
    DateTimeOffset StartOfDay => new(Now.Date, Now.Offset);

    /// <summary>The code that buckets this person on every device, or null when none is known.</summary>
    string? MappingIdentifier => null;

    /// <summary>What the visitor said about being experimented with.</summary>
    Consent Consent => Consent.Unknown;

    /// <summary>Whether the visitor is no person. A bot gets default variations and is assigned to nothing.</summary>
    bool IsBot => false;

    /// <summary>The variations the visitor's browser asks to see, or null for none.</summary>
    Simulation? Simulation => null;

    /// <summary>The variation the application forces for an experiment, or null for none.</summary>
    /// <param name="experimentId">The experiment of a rule.</param>
    ForcedVariation? FindForced(long experimentId) => null;

    /// <summary>The scores of an experiment's variations by variation id, or null when none are known.</summary>
    /// <param name="experimentId">The experiment of a rule.</param>
    IReadOnlyDictionary<long, double>? GetBanditScores(long experimentId) => null;

    /// <summary>The values of a custom data slot, or null when nothing is known for it.</summary>
    /// <param name="index">The slot's index, from 0.</param>
    IReadOnlyList<string>? GetCustomData(int index) => null;

    /// <summary>The kind of device, or null when unknown.</summary>
    DeviceType? Device => null;

    /// <summary>The browser, or null when unknown.</summary>
    VisitorBrowser? Browser => null;

    /// <summary>The operating system, or null when unknown.</summary>
    OperatingSystemType? OperatingSystem => null;

    /// <summary>Where the visitor is, or null when unknown.</summary>
    VisitorLocation? Location => null;

    /// <summary>The visitor's cookies, or null when unknown.</summary>
    IReadOnlyList<KeyValuePair<string, string>>? Cookies => null;

    /// <summary>The version of the visitor's application, <c>major[.minor[.patch]]</c>, or null when unknown.</summary>
    string? ApplicationVersion => null;

    /// <summary>The SDK that segments take this library for; by default <c>CSHARP</c>.</summary>
    string SdkLanguage => "CSHARP";

    /// <summary>The SDK version that segments take this library for.</summary>
    string SdkVersion => "4.22.0";

    /// <summary>The page viewed last, or null when none is known.</summary>
    VisitorPage? LatestPage => null;

    /// <summary>The page before the latest one, of another URL, or null when none is known.</summary>
    VisitorPage? PreviousPage => null;

    /// <summary>How many pages were viewed, or null when the visitor never was heard of.</summary>
    long? PageViewCount => null;

    /// <summary>When the current visit started; by default now.</summary>
    DateTimeOffset CurrentVisitStart => Now;

    /// <summary>When each earlier visit started, the most recent first, or null when visits were not loaded.</summary>
    IReadOnlyList<DateTimeOffset>? PreviousVisits => null;

    /// <summary>The visitor's latest assignment in an experiment, or null for none.</summary>
    /// <param name="experimentId">The experiment, which may be the holdout's.</param>
    Assignment? FindAssignment(long experimentId) => null;

    /// <summary>Whether the visitor was assigned in any other experiment.</summary>
    /// <param name="experimentId">The experiment that does not count.</param>
    /// <param name="since">Earlier assignments do not count.</param>
    bool HasOtherAssignment(long experimentId, DateTimeOffset since) => false;

    /// <summary>Whether the visitor converted.</summary>
    /// <param name="goalId">The goal, or null for any.</param>
    /// <param name="since">Earlier conversions do not count.</param>
    bool HasConversion(long? goalId, DateTimeOffset since) => false;

    /// <summary>Whether the visitor saw a personalization of the platform.</summary>
    /// <param name="personalizationId">The personalization, or null for any.</param>
    /// <param name="since">Earlier ones do not count.</param>
    bool HasPersonalization(long? personalizationId, DateTimeOffset since) => false;

    /// <summary>The likelihood to convert, 0 to 100, that the platform computed, or null when there is none.</summary>
    /// <param name="keyMomentId">The moment of the visit it was computed for.</param>
    /// <param name="goalId">The goal.</param>
    double? GetLikelihood(long keyMomentId, long goalId) => null;
}
