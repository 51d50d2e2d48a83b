namespace Kameleoon.Hybrid;

/// <summary>What is asked for of a visitor's history on the platform. Immutable.</summary>
/// <remarks>What is not asked for is not sent by the platform, except device, browser and operating system, which come
/// with every answer and are passed over.</remarks>
public sealed record RemoteVisitorDataFilter
{
    private const int MaxPreviousVisits = 25;

    /// <summary>What the official SDKs ask for: custom data of the current and the previous visit, and the visitor's code.
    /// </summary>
    public static RemoteVisitorDataFilter Default { get; } = new();

    /// <summary>Everything, of as many visits as the platform gives.</summary>
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

    /// <summary>How many earlier visits. Default 1; 1 to 25.</summary>
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

    /// <summary>The visit that is going on. Default true.</summary>
    public bool CurrentVisit { get; init; } = true;

    /// <summary>Custom data. Default true.</summary>
    public bool CustomData { get; init; } = true;

    /// <summary>The code by which the visitor was seen last, for the same variations on every device. Default true.
    /// </summary>
    public bool VisitorCode { get; init; } = true;

    /// <summary>The pages viewed. Default false.</summary>
    public bool PageViews { get; init; }

    /// <summary>Where the visitor was. Default false.</summary>
    public bool Geolocation { get; init; }

    /// <summary>The kind of device. Default false.</summary>
    public bool Device { get; init; }

    /// <summary>The browser. Default false.</summary>
    public bool Browser { get; init; }

    /// <summary>The operating system. Default false.</summary>
    public bool OperatingSystem { get; init; }

    /// <summary>The conversions. Default false.</summary>
    public bool Conversions { get; init; }

    /// <summary>The experiments the visitor was exposed to. Default false.</summary>
    public bool Experiments { get; init; }

    /// <summary>The personalizations the visitor saw. Default false.</summary>
    public bool Personalization { get; init; }

    /// <summary>How likely the visitor is to convert, by key moment and goal (Kameleoon Conversion Score). Default false.
    /// </summary>
    public bool Kcs { get; init; }

    /// <summary>The scores of variations, for experiments that choose by them (contextual bandits). Default false.
    /// </summary>
    public bool Cbs { get; init; }
}
