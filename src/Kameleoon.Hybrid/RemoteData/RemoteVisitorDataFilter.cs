namespace Kameleoon.Hybrid;

/// <summary>Selects the data to request of a visitor's history on the platform. Immutable.</summary>
/// <remarks>The platform sends selected data only, except device, browser and operating system: every response has
/// them, and they are ignored unless selected.</remarks>
public sealed record RemoteVisitorDataFilter
{
    private const int MaxPreviousVisits = 25;

    /// <summary>The selection of the official SDKs: custom data of the current and the previous visit, and the
    /// visitor's code.</summary>
    public static RemoteVisitorDataFilter Default { get; } = new();

    /// <summary>All data, of as many visits as the platform returns.</summary>
    public static RemoteVisitorDataFilter All { get; } = new()
    {
        PreviousVisitAmount = MaxPreviousVisits,
        PageViews = true,
        Geolocation = true,
        Device = true,
        Browser = true,
        OperatingSystem = true,
        Conversions = true,
        Experiments = true,
        Personalization = true,
        Kcs = true,
        Cbs = true,
    };

    /// <summary>The number of earlier visits. Default 1; 1 to 25.</summary>
    /// <exception cref="ArgumentOutOfRangeException">The number is not between 1 and 25.</exception>
    public int PreviousVisitAmount
    {
        get;
        init
        {
            ArgumentOutOfRangeException.ThrowIfLessThan(value, 1);
            ArgumentOutOfRangeException.ThrowIfGreaterThan(value, MaxPreviousVisits);
            field = value;
        }
    } = 1;

    /// <summary>Whether the current visit is included. Default true.</summary>
    public bool CurrentVisit { get; init; } = true;

    /// <summary>Whether custom data is included. Default true.</summary>
    public bool CustomData { get; init; } = true;

    /// <summary>Whether the visitor code of the latest visit is included, so that every device can get the same
    /// variations. Default true.</summary>
    public bool VisitorCode { get; init; } = true;

    /// <summary>Whether viewed pages are included. Default false.</summary>
    public bool PageViews { get; init; }

    /// <summary>Whether the geolocation is included. Default false.</summary>
    public bool Geolocation { get; init; }

    /// <summary>Whether the kind of device is included. Default false.</summary>
    public bool Device { get; init; }

    /// <summary>Whether the browser is included. Default false.</summary>
    public bool Browser { get; init; }

    /// <summary>Whether the operating system is included. Default false.</summary>
    public bool OperatingSystem { get; init; }

    /// <summary>Whether conversions are included. Default false.</summary>
    public bool Conversions { get; init; }

    /// <summary>Whether the experiments that the visitor was exposed to are included. Default false.</summary>
    public bool Experiments { get; init; }

    /// <summary>Whether the personalizations that the visitor saw are included. Default false.</summary>
    public bool Personalization { get; init; }

    /// <summary>Whether the likelihood of conversions is included, by key moment and goal (Kameleoon Conversion Score).
    /// Default false.</summary>
    public bool Kcs { get; init; }

    /// <summary>Whether the scores of variations are included, which contextual bandits choose by. Default
    /// false.</summary>
    public bool Cbs { get; init; }
}
