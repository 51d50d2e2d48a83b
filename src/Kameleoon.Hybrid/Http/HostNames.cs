using System.Net;
using System.Text.RegularExpressions;

namespace Kameleoon.Hybrid;

internal static partial class HostNames
{
    /// <summary>Whether a normalised text is a domain of at least two labels, without scheme, port or path, and not an
    /// IP address.</summary>
    internal static bool IsDomain(string domain) => Domain.IsMatch(domain) && !IPAddress.TryParse(domain, out _);

    /// <summary>Returns the domain in a setting: <c>HTTPS://.Example.com.</c> gives example.com.</summary>
    internal static string Normalize(string domain)
    {
        var text = domain.Trim();
        foreach (var scheme in (ReadOnlySpan<string>)["https://", "http://"])
        {
            if (text.StartsWith(scheme, StringComparison.OrdinalIgnoreCase))
            {
                text = text[scheme.Length..];
            }
        }

#pragma warning disable CA1308 // Host names are lower case by convention, and are compared to browsers' lower case.
        return text.Trim('.').ToLowerInvariant();
#pragma warning restore CA1308
    }

    /// <summary>Returns the domain in a setting, or null for an empty setting.</summary>
    internal static string? NormalizeOrNull(string? domain) => domain is null ? null : Normalize(domain);

    /// <summary>Whether a host matches a pattern. <c>*.example.com</c> matches all subdomains of example.com.</summary>
    internal static bool Matches(string host, string pattern) => pattern.StartsWith("*.", StringComparison.Ordinal)
        ? host.Length >= pattern.Length && host.EndsWith(pattern[1..], StringComparison.OrdinalIgnoreCase)
        : string.Equals(host, pattern, StringComparison.OrdinalIgnoreCase);

    internal static bool Covers(string domain, string host) =>
        string.Equals(host, domain, StringComparison.OrdinalIgnoreCase)
        || (host.Length > domain.Length
            && host[host.Length - domain.Length - 1] == '.'
            && host.EndsWith(domain, StringComparison.OrdinalIgnoreCase));

    [GeneratedRegex(@"^([a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?\.)+[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?\z",
        RegexOptions.CultureInvariant | RegexOptions.NonBacktracking | RegexOptions.ExplicitCapture)]
    private static partial Regex Domain { get; }
}
