namespace Kameleoon.Hybrid;

/// <summary>When a visitor code in the address is believed. Whoever sends a link can choose the code in it.</summary>
public enum QueryParameterPolicy
{
    /// <summary>Never.</summary>
    Off,

    /// <summary>Only in a navigation that started on the same site, from a script of the same host, or from a client that
    /// is no browser.</summary>
    SameSite,

    /// <summary>In every navigation; for pages that other sites or applications hand visitors over to.</summary>
    Always,
}
