namespace Kameleoon.Hybrid.Settings;

/// <summary>Timeouts, retries and circuit breakers for each endpoint of the platform.</summary>
public sealed class KameleoonResilienceOptions
{
    /// <summary>Requests for the data file.</summary>
    public KameleoonEndpointResilienceOptions Configuration { get; } = new();

    /// <summary>Posts of events. The default pauses are longer, because a batch that fails is delayed.</summary>
    public KameleoonEndpointResilienceOptions Tracking { get; } = new()
    {
        RetryDelay = TimeSpan.FromSeconds(5),
        BreakDuration = TimeSpan.FromSeconds(15),
    };

    /// <summary>Requests for the platform's data of a visitor. By default they are not retried, because a page waits
    /// for them.</summary>
    public KameleoonEndpointResilienceOptions Remote { get; } = new() { Retries = 0 };

    /// <summary>Requests for the access token. Events do not wait for it longer than 2 seconds.</summary>
    public KameleoonEndpointResilienceOptions Api { get; } = new();
}
