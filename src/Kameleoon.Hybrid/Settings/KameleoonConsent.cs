namespace Kameleoon.Hybrid;

/// <summary>How consent is found, and what a refusal does.</summary>
public sealed class KameleoonConsent
{
    /// <summary>Whether the consent that ASP.NET Core's cookie policy knows of counts, where no
    /// <see cref="IKameleoonConsentProvider"/> knows better. Default true.</summary>
    public bool UseTrackingConsentFeature { get; set; } = true;

    /// <summary>Whether a refusal removes the cookie from the browser. Default true; the official SDK leaves that to
    /// the application. A cookie that a delivery technically needs stays in any case.</summary>
    public bool RemoveCookie { get; set; } = true;

    /// <summary>Whether the cookie is set, and events are sent, before the first data file has said whether consent is
    /// required. Default false: only conversions are sent, the rest waits. The official SDK does both.</summary>
    public bool AssumeNotRequired { get; set; }
}
