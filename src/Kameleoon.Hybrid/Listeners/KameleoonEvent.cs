namespace Kameleoon.Hybrid.Listeners;

/// <summary>What every event of an <see cref="IKameleoonListener"/> has. Immutable.</summary>
public abstract record KameleoonEvent
{
    private protected KameleoonEvent()
    {
    }

    /// <summary>When it happened, by the application's <see cref="TimeProvider"/>.</summary>
    public required DateTimeOffset Time { get; init; }

    /// <summary>The site code of the project.</summary>
    public required string SiteCode { get; init; }
}
