using System.Net;

namespace Kameleoon.Hybrid.Sandbox;

/// <summary>The hosts under which the live page and the control endpoints answer: loopback, and those of a setting.</summary>
internal sealed class AllowedHosts(string setting)
{
    private readonly string[] _hosts = Split(setting);

    /// <summary>Whether a host is allowed.</summary>
    /// <param name="host">A name or address without its port; IPv6 addresses with or without brackets.</param>
    internal bool Contains(string host)
    {
        var name = host.TrimEnd('.');
        return IsLoopback(name) || Array.Exists(_hosts, allowed => Covers(allowed, name));
    }

    /// <summary>Returns the first entry of a setting that is no host, or null.</summary>
    internal static string? FindMistake(string setting) => Array.Find(
        Split(setting),
        static host => host is not "*" && Uri.CheckHostName(host.StartsWith("*.", StringComparison.Ordinal) ? host[2..] : host)
            == UriHostNameType.Unknown);

    private static string[] Split(string setting) =>
        setting.Split(';', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries);

    // Names below localhost always lead to this machine; no registry sells them.
    private static bool IsLoopback(string name) =>
        string.Equals(name, "localhost", StringComparison.OrdinalIgnoreCase)
        || name.EndsWith(".localhost", StringComparison.OrdinalIgnoreCase)
        || (IPAddress.TryParse(name, out var address) && IPAddress.IsLoopback(address));

    private static bool Covers(string allowed, string name) => allowed is "*"
        || string.Equals(allowed, name, StringComparison.OrdinalIgnoreCase)
        || string.Equals(allowed.Trim('[', ']'), name.Trim('[', ']'), StringComparison.OrdinalIgnoreCase)
        || (allowed.StartsWith("*.", StringComparison.Ordinal) && name.EndsWith(allowed[1..], StringComparison.OrdinalIgnoreCase));
}
