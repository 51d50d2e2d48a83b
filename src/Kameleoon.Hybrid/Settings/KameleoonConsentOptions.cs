namespace Kameleoon.Hybrid.Settings;

/// <summary>How consent is read, and what a refusal does.</summary>
public sealed class KameleoonConsentOptions
{
    /// <summary>Whether the consent of ASP.NET Core's cookie policy is used when no
    /// <see cref="IKameleoonConsentProvider"/> returns an answer. Default true.</summary>
    public bool UseTrackingConsentFeature { get; set; } = true;

    /// <summary>Whether a refusal removes the cookie from the browser. Default true; the official SDK leaves that to
    /// the application. A cookie that a targeted delivery needs is kept.</summary>
    public bool RemoveCookie { get; set; } = true;

    /// <summary>Whether the cookie is set and events are sent before the first data file says whether consent is
    /// required. Default false: only conversions are sent, and all other events wait. The official SDK sets and sends
    /// at once.</summary>
    public bool AssumeNotRequired { get; set; }
}
