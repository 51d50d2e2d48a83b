namespace Kameleoon.Hybrid.Settings;

/// <summary>What conditions may read from the request. Each is read only when a condition asks for it.</summary>
public sealed class KameleoonRequestFactsOptions
{
    /// <summary>Whether the request's address counts as the page viewed last. Default true.</summary>
    public bool Url { get; set; } = true;

    /// <summary>Whether the <c>Referer</c> header counts as the previous page. Default true.</summary>
    public bool Referrer { get; set; } = true;

    /// <summary>Whether the <c>User-Agent</c> header determines browser, operating system and device. Default
    /// true.</summary>
    public bool UserAgent { get; set; } = true;

    /// <summary>Whether conditions may read the request's cookies. Default true.</summary>
    public bool Cookies { get; set; } = true;
}
