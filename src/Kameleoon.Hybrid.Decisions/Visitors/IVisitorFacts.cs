namespace Kameleoon.Hybrid.Decisions;

/// <summary>The facts about a visitor that decisions use; each is read only when the data file needs it.</summary>
/// <remarks>
/// A fact that an implementation does not override is unknown; a condition on an unknown fact is not met. Facts must
/// not change during a decision, and must be fast to read, without I/O.
/// </remarks>
public interface IVisitorFacts
{
    /// <summary>The visitor code: 1 to 255 UTF-16 units, compared ordinally.</summary>
    string VisitorCode { get; }

    /// <summary>The instant of the decision; its offset is that of the site's time zone.</summary>
    DateTimeOffset Now { get; }

    /// <summary>The start of the current day; by default midnight before <see cref="Now"/>, at the same offset. Override it where
    /// the offset changes during a day.</summary>
    DateTimeOffset StartOfDay => new(Now.Date, Now.Offset);

    /// <summary>The code that is hashed for the same person on all devices, or null when unknown.</summary>
    string? MappingIdentifier => null;

    /// <summary>The visitor's consent to experiments.</summary>
    Consent Consent => Consent.Unknown;

    /// <summary>Whether the visitor is a bot. A bot gets default variations and no assignments.</summary>
    bool IsBot => false;

    /// <summary>The variations that the visitor's browser simulates, or null for none.</summary>
    Simulation? Simulation => null;

    /// <summary>The variation the application forces for an experiment, or null for none.</summary>
    /// <param name="experimentId">The experiment of a rule.</param>
    ForcedVariation? FindForced(long experimentId) => null;

    /// <summary>The scores of an experiment's variations by variation id, or null when none are known.</summary>
    /// <param name="experimentId">The experiment of a rule.</param>
    IReadOnlyDictionary<long, double>? GetBanditScores(long experimentId) => null;

    /// <summary>The values of a custom data slot, or null when the slot has no value.</summary>
    /// <param name="index">The slot's index, from 0.</param>
    IReadOnlyList<string>? GetCustomData(int index) => null;

    /// <summary>The kind of device, or null when unknown.</summary>
    DeviceType? Device => null;

    /// <summary>The browser, or null when unknown.</summary>
    VisitorBrowser? Browser => null;

    /// <summary>The operating system, or null when unknown.</summary>
    OperatingSystemType? OperatingSystem => null;

    /// <summary>The location of the visitor, or null when unknown.</summary>
    VisitorLocation? Location => null;

    /// <summary>The visitor's cookies, or null when unknown.</summary>
    IReadOnlyList<KeyValuePair<string, string>>? Cookies => null;

    /// <summary>The version of the visitor's application, <c>major[.minor[.patch]]</c>, or null when unknown.</summary>
    string? ApplicationVersion => null;

    /// <summary>The SDK language that segments see; by default <c>CSHARP</c>.</summary>
    string SdkLanguage => "CSHARP";

    /// <summary>The SDK version that segments see.</summary>
    string SdkVersion => "4.22.0";

    /// <summary>The page viewed last, or null when unknown.</summary>
    VisitorPage? LatestPage => null;

    /// <summary>The last page with another URL than the latest page, or null when unknown.</summary>
    VisitorPage? PreviousPage => null;

    /// <summary>How many pages were viewed, or null when unknown.</summary>
    long? PageViewCount => null;

    /// <summary>When the current visit started; by default now.</summary>
    DateTimeOffset CurrentVisitStart => Now;

    /// <summary>When each earlier visit started, the most recent first, or null when visits were not loaded.</summary>
    IReadOnlyList<DateTimeOffset>? PreviousVisits => null;

    /// <summary>The visitor's latest assignment in an experiment, or null for none.</summary>
    /// <param name="experimentId">The experiment, which may be the holdout's.</param>
    Assignment? FindAssignment(long experimentId) => null;

    /// <summary>Whether the visitor was assigned in any other experiment.</summary>
    /// <param name="experimentId">The experiment to ignore.</param>
    /// <param name="since">Earlier assignments are ignored.</param>
    bool HasOtherAssignment(long experimentId, DateTimeOffset since) => false;

    /// <summary>Whether the visitor converted.</summary>
    /// <param name="goalId">The goal, or null for any.</param>
    /// <param name="since">Earlier conversions are ignored.</param>
    bool HasConversion(long? goalId, DateTimeOffset since) => false;

    /// <summary>Whether the visitor saw a personalization of the platform.</summary>
    /// <param name="personalizationId">The personalization, or null for any.</param>
    /// <param name="since">Earlier ones are ignored.</param>
    bool HasPersonalization(long? personalizationId, DateTimeOffset since) => false;

    /// <summary>The likelihood to convert, 0 to 100, computed by the platform, or null when unknown.</summary>
    /// <param name="keyMomentId">The moment of the visit it was computed for.</param>
    /// <param name="goalId">The goal.</param>
    double? GetLikelihood(long keyMomentId, long goalId) => null;
}
