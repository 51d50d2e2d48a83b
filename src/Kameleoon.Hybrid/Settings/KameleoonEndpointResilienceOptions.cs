namespace Kameleoon.Hybrid.Settings;

/// <summary>Timeout of an attempt, retries, circuit breaker and total timeout for one endpoint.</summary>
public sealed class KameleoonEndpointResilienceOptions
{
    /// <summary>The timeout of one attempt. Default <see cref="KameleoonOptions.RequestTimeout"/>;
    /// 100 milliseconds to 1 minute.</summary>
    public TimeSpan? AttemptTimeout { get; set; }

    /// <summary>The timeout of a request with all its attempts. Default: enough for all attempts and
    /// the pauses between them, at most 10 minutes unless the attempts alone take longer; 100 milliseconds to 10 minutes.
    /// </summary>
    public TimeSpan? TotalTimeout { get; set; }

    /// <summary>How often a request is retried after a missing response, 408, 429 or 5xx. Default 2; 0 to 10.</summary>
    public int Retries { get; set; } = 2;

    /// <summary>The first pause before a retry. It doubles each time, and each is shortened at random by up to a half.
    /// Default 500 milliseconds, 5 seconds for events; 1 millisecond to 1 minute.</summary>
    public TimeSpan RetryDelay { get; set; } = TimeSpan.FromMilliseconds(500);

    /// <summary>The longest <c>Retry-After</c> that a request waits for. A longer one fails the request. Default 30
    /// seconds; 0 to 5 minutes.</summary>
    public TimeSpan MaxRetryAfter { get; set; } = TimeSpan.FromSeconds(30);

    /// <summary>The share of failed attempts that opens the circuit breaker, so that no attempts are made for a while.
    /// Default 0.5; above 0, up to 1.</summary>
    public double BreakRatio { get; set; } = 0.5;

    /// <summary>The least number of attempts within <see cref="BreakWindow"/> before the circuit breaker can open.
    /// Default 10; 2 to 10,000.</summary>
    public int BreakAttempts { get; set; } = 10;

    /// <summary>The time over which attempts are counted. Default 1 minute; 500 milliseconds to 1 hour.</summary>
    public TimeSpan BreakWindow { get; set; } = TimeSpan.FromMinutes(1);

    /// <summary>How long the circuit breaker stays open. The next attempt then closes it or opens it again. Default 5
    /// seconds, 15 seconds for events; 500 milliseconds to 1 hour.</summary>
    public TimeSpan BreakDuration { get; set; } = TimeSpan.FromSeconds(5);
}
