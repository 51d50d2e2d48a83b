namespace Kameleoon.Hybrid.Settings;

/// <summary>When a visitor code in the address is adopted. The author of a link can choose the code in it.</summary>
public enum QueryParameterPolicy
{
    /// <summary>Never.</summary>
    Off,

    /// <summary>Only in a navigation from the same site, in a request of a script from the same host, and from clients
    /// other than browsers.</summary>
    SameSite,

    /// <summary>In every navigation, for pages that other sites or applications link to.</summary>
    Always,
}
