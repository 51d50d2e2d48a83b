namespace Kameleoon.Hybrid.Settings;

/// <summary>How experiments and visitor codes are watched, once <c>AddKameleoonTrust</c> is called.</summary>
public sealed class KameleoonTrustOptions
{
    /// <summary>Whether new visitors get the default variation while the responses of another variation fail or are slow.
    /// </summary>
    public KameleoonGuardOptions Guard { get; } = new();

    /// <summary>The share of pages that report that the engine uses the server's visitor code. Pages always report another code.
    /// Default 0 (none); up to 1 (all).</summary>
    public double Sample { get; set; }

    /// <summary>What happens when the engine uses another visitor code than the server. Default
    /// <see cref="IdentityHealing.PushServerCode"/>.</summary>
    public IdentityHealing Heal { get; set; } = IdentityHealing.PushServerCode;
}
