namespace Kameleoon.Hybrid;

/// <summary>How patient the library is with each endpoint of the platform.</summary>
public sealed class KameleoonResilience
{
    /// <summary>Requests for the data file.</summary>
    public KameleoonEndpointResilience Configuration { get; } = new();

    /// <summary>Posts of events. By default the pauses are longer, since a batch that is given up is lost.</summary>
    public KameleoonEndpointResilience Data { get; } = new()
    {
        RetryDelay = TimeSpan.FromSeconds(5),
        BreakDuration = TimeSpan.FromSeconds(15),
    };

    /// <summary>Requests for what the platform knows of a visitor. By default they are not repeated: somebody waits.
    /// </summary>
    public KameleoonEndpointResilience Remote { get; } = new() { Retries = 0 };

    /// <summary>Requests for the access token. Events do not wait for it longer than 2 seconds.</summary>
    public KameleoonEndpointResilience Api { get; } = new();
}

/// <summary>How patient the library is with one endpoint: deadline per attempt, retries, circuit breaker, deadline for
/// all of it.</summary>
public sealed class KameleoonEndpointResilience
{
    /// <summary>The time after which one attempt is given up. Default <see cref="KameleoonOptions.RequestTimeout"/>;
    /// 100 milliseconds to 1 minute.</summary>
    public TimeSpan? AttemptTimeout { get; set; }

    /// <summary>The time after which a request with all its attempts is given up. Default: enough for all attempts and
    /// the pauses between them; 100 milliseconds to 10 minutes.</summary>
    public TimeSpan? TotalTimeout { get; set; }

    /// <summary>How often a request is repeated after no answer, 408, 429 or 5xx. Default 2; 0 to 10.</summary>
    public int Retries { get; set; } = 2;

    /// <summary>The first pause before a request is repeated; it doubles, and chance shortens each by up to a half.
    /// Default 500 milliseconds, 5 seconds for events; 1 millisecond to 1 minute.</summary>
    public TimeSpan RetryDelay { get; set; } = TimeSpan.FromMilliseconds(500);

    /// <summary>The longest pause asked for by <c>Retry-After</c> that is waited for; who asks for more is asked again
    /// later. Default 30 seconds; 0 to 5 minutes.</summary>
    public TimeSpan MaxRetryAfter { get; set; } = TimeSpan.FromSeconds(30);

    /// <summary>The share of failed attempts from which on no more are made for a while. Default 0.5; above 0, up to 1.
    /// </summary>
    public double BreakRatio { get; set; } = 0.5;

    /// <summary>How many attempts within <see cref="BreakWindow"/> that share needs to mean anything. Default 10; 2 to
    /// 10,000.</summary>
    public int BreakAttempts { get; set; } = 10;

    /// <summary>The time over which attempts are counted. Default 1 minute; 500 milliseconds to 1 hour.</summary>
    public TimeSpan BreakWindow { get; set; } = TimeSpan.FromMinutes(1);

    /// <summary>How long no attempt is made then; the next one decides how it goes on. Default 5 seconds, 15 seconds
    /// for events; 500 milliseconds to 1 hour.</summary>
    public TimeSpan BreakDuration { get; set; } = TimeSpan.FromSeconds(5);
}
