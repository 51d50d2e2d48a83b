namespace Kameleoon.Hybrid;

/// <summary>A visitor's history on the platform. Immutable. Data that was not requested is empty or null.</summary>
/// <remarks>Two instances with the same content are not equal: lists are compared by reference.</remarks>
public sealed record RemoteVisitorData
{
    internal static readonly RemoteVisitorData Empty = new();

    /// <summary>The visitor code of the latest visit, or null.</summary>
    public string? VisitorCode { get; init; }

    /// <summary>The latest custom data of each slot.</summary>
    public IReadOnlyList<CustomData> CustomData { get; init; } = [];

    /// <summary>The viewed pages, each address once, those of the latest visit first.</summary>
    public IReadOnlyList<RemotePageView> PageViews { get; init; } = [];

    /// <summary>The latest variation of each experiment.</summary>
    public IReadOnlyList<RemoteAssignment> Experiments { get; init; } = [];

    /// <summary>The latest variation of each personalization.</summary>
    public IReadOnlyList<RemoteAssignment> Personalizations { get; init; } = [];

    /// <summary>All conversions.</summary>
    public IReadOnlyList<RemoteConversion> Conversions { get; init; } = [];

    /// <summary>The visitor's latest location, or null.</summary>
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

    /// <summary>The likelihood of a conversion, 0 to 100, by key moment and goal.</summary>
    public IReadOnlyDictionary<long, IReadOnlyDictionary<long, double>> Kcs { get; init; } =
        new Dictionary<long, IReadOnlyDictionary<long, double>>();

    /// <summary>The scores of variations, by experiment and variation.</summary>
    public IReadOnlyDictionary<long, IReadOnlyDictionary<long, double>> Cbs { get; init; } =
        new Dictionary<long, IReadOnlyDictionary<long, double>>();
}

/// <summary>A page of a visitor's history.</summary>
/// <param name="Address">The page's URL.</param>
/// <param name="Title">The page's title, or null.</param>
/// <param name="Count">The number of views.</param>
/// <param name="Time">The latest time.</param>
public sealed record RemotePageView(string Address, string? Title, int Count, DateTimeOffset Time);

/// <summary>A variation of a visitor's history.</summary>
/// <param name="Id">The experiment's or personalization's id.</param>
/// <param name="VariationId">The variation's id.</param>
/// <param name="Time">The latest time.</param>
public sealed record RemoteAssignment(long Id, long VariationId, DateTimeOffset Time);

/// <summary>A conversion of a visitor's history.</summary>
/// <param name="GoalId">The goal's id.</param>
/// <param name="Revenue">The revenue in the site's currency.</param>
/// <param name="Negative">Whether it subtracted an earlier conversion.</param>
/// <param name="Time">The time of the conversion.</param>
public sealed record RemoteConversion(int GoalId, decimal Revenue, bool Negative, DateTimeOffset Time);

/// <summary>An earlier visit.</summary>
/// <param name="Started">The start of the visit.</param>
/// <param name="LastEvent">The time of its last event.</param>
public sealed record RemoteVisit(DateTimeOffset Started, DateTimeOffset LastEvent);
