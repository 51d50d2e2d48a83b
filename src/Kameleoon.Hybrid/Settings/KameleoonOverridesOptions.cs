namespace Kameleoon.Hybrid.Settings;

/// <summary>The signed overrides with which people who test see variations of their choice.</summary>
public sealed class KameleoonOverridesOptions
{
    /// <summary>How long an override holds after it was set or changed. Default 8 hours; 1 minute to 30 days.</summary>
    public TimeSpan Lifetime { get; set; } = TimeSpan.FromHours(8);
}
