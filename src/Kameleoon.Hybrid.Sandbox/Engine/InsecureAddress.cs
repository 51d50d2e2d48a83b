using System.Text.Json;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;

namespace Kameleoon.Hybrid.Sandbox;

/// <summary>Warns where an https page gets an engine that sends to an http address: browsers block those requests.
/// </summary>
internal sealed class InsecureAddress(ILogger<InsecureAddress> logger)
{
    private int _warned;

    /// <summary>Returns a script that warns in the browser's console, and logs once; empty where nothing is wrong.</summary>
    internal byte[] WarningFor(HttpRequest request, string address)
    {
        if (!address.StartsWith("http://", StringComparison.Ordinal) || RequestOrigin.FindPage(request) is not { Scheme: "https" } page)
        {
            return [];
        }

        var site = page.GetLeftPart(UriPartial.Authority);
        if (Interlocked.Exchange(ref _warned, 1) == 0)
        {
            logger.InsecureAddress(site, address);
        }

        return
        [
            .. "console.warn("u8,
            .. JsonSerializer.SerializeToUtf8Bytes(
                $"Kameleoon sandbox: this https page sends its events to {address}, which browsers block. Let the proxy in "
                + "front of the sandbox send X-Forwarded-Proto: https, and X-Forwarded-Host.",
                EngineJson.Default.String),
            .. ");\n"u8,
        ];
    }
}
