using System.Text.Json;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;

namespace Kameleoon.Hybrid.Sandbox;

/// <summary>Warns where an https page gets an engine that sends to an http address: browsers block those requests.
/// </summary>
/// <remarks>Requests from one page of this computer to another address of it are not blocked.</remarks>
internal sealed class InsecureAddress(ILogger<InsecureAddress> logger)
{
    private int _warned;

    /// <summary>Returns a script that warns in the browser's console, and logs once; empty where nothing is wrong.</summary>
    internal byte[] WarningFor(HttpRequest request, string address)
    {
        if (!address.StartsWith("http://", StringComparison.Ordinal))
        {
            return [];
        }

        var isLocal = IsLoopback(new Uri(address));
        if (RequestOrigin.FindPage(request) is not { } page)
        {
            return isLocal ? [] : WarningForUnknownPage(request, address);
        }

        if (page is not { Scheme: "https" } || (isLocal && IsLoopback(page)))
        {
            return [];
        }

        LogOnce(page.GetLeftPart(UriPartial.Authority), address);
        return Warning(address);
    }

    // Pages can withhold their address, so that only the browser knows whether it is an https address. Browsers send fetch
    // metadata to trustworthy addresses alone: such a request reached a proxy by https.
    private byte[] WarningForUnknownPage(HttpRequest request, string address)
    {
        if (request.Headers["Sec-Fetch-Dest"] is [{ Length: > 0 }, ..])
        {
            LogOnce("a site that sends no Referer", address);
        }

        return [.. "location.protocol===\"https:\"&&"u8, .. Warning(address)];
    }

    private void LogOnce(string site, string address)
    {
        if (Interlocked.Exchange(ref _warned, 1) == 0)
        {
            logger.InsecureAddress(site, address);
        }
    }

    private static byte[] Warning(string address) =>
    [
        .. "console.warn("u8,
        .. JsonSerializer.SerializeToUtf8Bytes(
            $"Kameleoon sandbox: this https page sends its events to {address}, which browsers block. Let the proxy in "
            + "front of the sandbox send X-Forwarded-Proto: https, and X-Forwarded-Host.",
            EngineJson.Default.String),
        .. ");\n"u8,
    ];

    private static bool IsLoopback(Uri address) =>
        address.IsLoopback || address.Host.EndsWith(".localhost", StringComparison.OrdinalIgnoreCase);
}
