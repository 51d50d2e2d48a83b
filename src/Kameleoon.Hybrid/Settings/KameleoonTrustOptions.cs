namespace Kameleoon.Hybrid.Settings;

/// <summary>How experiments are watched, once <c>AddKameleoonTrust</c> is called.</summary>
public sealed class KameleoonTrustOptions
{
    /// <summary>Whether new visitors get the default variation while the responses of another variation fail or are slow.
    /// </summary>
    public KameleoonGuardOptions Guard { get; } = new();
}
