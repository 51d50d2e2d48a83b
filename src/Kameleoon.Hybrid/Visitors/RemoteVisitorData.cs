namespace Kameleoon.Hybrid;

/// <summary>What the platform knows of a visitor's history. Immutable; what was not asked for is empty or null.</summary>
/// <remarks>Two answers are not equal because they say the same: lists are compared by reference.</remarks>
public sealed record RemoteVisitorData
{
    internal static readonly RemoteVisitorData Empty = new();

    /// <summary>The code by which the visitor was seen last, or null.</summary>
    public string? VisitorCode { get; init; }

    /// <summary>Custom data, of each slot the latest.</summary>
    public IReadOnlyList<CustomData> CustomData { get; init; } = [];

    /// <summary>The pages viewed, each address once, those of the latest visit first.</summary>
    public IReadOnlyList<RemotePageView> PageViews { get; init; } = [];

    /// <summary>The experiments, of each the latest variation.</summary>
    public IReadOnlyList<RemoteAssignment> Experiments { get; init; } = [];

    /// <summary>The personalizations, of each the latest variation.</summary>
    public IReadOnlyList<RemoteAssignment> Personalizations { get; init; } = [];

    /// <summary>All conversions.</summary>
    public IReadOnlyList<RemoteConversion> Conversions { get; init; } = [];

    /// <summary>Where the visitor was last, or null.</summary>
    public Geolocation? Geolocation { get; init; }

    /// <summary>The kind of device, or null.</summary>
    public Device? Device { get; init; }

    /// <summary>The browser, or null.</summary>
    public Browser? Browser { get; init; }

    /// <summary>The operating system, or null.</summary>
    public VisitorOperatingSystem? OperatingSystem { get; init; }

    /// <summary>The number of visits before this one.</summary>
    public int VisitNumber { get; init; }

    /// <summary>The earlier visits, the latest first.</summary>
    public IReadOnlyList<RemoteVisit> PreviousVisits { get; init; } = [];

    /// <summary>How likely the visitor is to convert, 0 to 100, by key moment and goal.</summary>
    public IReadOnlyDictionary<long, IReadOnlyDictionary<long, double>> Kcs { get; init; } =
        new Dictionary<long, IReadOnlyDictionary<long, double>>();

    /// <summary>The scores of variations, by experiment and variation.</summary>
    public IReadOnlyDictionary<long, IReadOnlyDictionary<long, double>> Cbs { get; init; } =
        new Dictionary<long, IReadOnlyDictionary<long, double>>();
}

/// <summary>A page of a visitor's history.</summary>
/// <param name="Address">The page's URL.</param>
/// <param name="Title">The page's title, or null.</param>
/// <param name="Count">How often it was viewed.</param>
/// <param name="Time">When last.</param>
public sealed record RemotePageView(string Address, string? Title, int Count, DateTimeOffset Time);

/// <summary>A variation of a visitor's history.</summary>
/// <param name="Id">The experiment's or personalization's id.</param>
/// <param name="VariationId">The variation's id.</param>
/// <param name="Time">When last.</param>
public sealed record RemoteAssignment(long Id, long VariationId, DateTimeOffset Time);

/// <summary>A conversion of a visitor's history.</summary>
/// <param name="GoalId">The goal's id.</param>
/// <param name="Revenue">The revenue in the site's currency.</param>
/// <param name="Negative">Whether it took an earlier one away.</param>
/// <param name="Time">When it happened.</param>
public sealed record RemoteConversion(int GoalId, decimal Revenue, bool Negative, DateTimeOffset Time);

/// <summary>An earlier visit.</summary>
/// <param name="Started">When it started.</param>
/// <param name="LastEvent">When something happened in it last.</param>
public sealed record RemoteVisit(DateTimeOffset Started, DateTimeOffset LastEvent);
