using System.Security.Cryptography;
using System.Text.Json;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Hosting;
using Microsoft.Net.Http.Headers;

namespace Kameleoon.Hybrid.Sandbox;

/// <summary>Serves the browser engine with the configuration written into it.</summary>
internal sealed class EngineEndpoint(SandboxDataFile dataFile, IHostEnvironment environment)
{
    private const int FlushMs = 500;
    private const int CookieDays = 365;

    private static readonly byte[] Bundle = EmbeddedFile.Read("engine.js");
    private static readonly int TokenStart = Bundle.AsSpan().IndexOf(Token);

    private static ReadOnlySpan<byte> Token => "__KAMELEOON_CONFIGURATION__"u8;

    internal async Task GetAsync(HttpContext context)
    {
        var script = Compose(ConfigurationFor(context.Request));
        var tag = new EntityTagHeaderValue($"\"{Convert.ToHexStringLower(SHA256.HashData(script).AsSpan(..16))}\"");
        var response = context.Response;
        response.GetTypedHeaders().ETag = tag;
        response.Headers.CacheControl = "no-cache";
        if (context.Request.GetTypedHeaders().IfNoneMatch.Any(known => known.Compare(tag, useStrongComparison: false)))
        {
            response.StatusCode = StatusCodes.Status304NotModified;
            return;
        }

        response.ContentType = "text/javascript; charset=utf-8";
        response.ContentLength = script.Length;
        await response.Body.WriteAsync(script, context.RequestAborted);
    }

    private EngineConfiguration ConfigurationFor(HttpRequest request)
    {
        var content = dataFile.Read();
        var address = SandboxAddress.Of(request);
        return new EngineConfiguration(
            Query("siteCode", "sandbox"),
            Math.Max(0, content.LastModified.ToUnixTimeMilliseconds()),
            address,
            address,
#pragma warning disable CA1308 // The platform's environment names are lower case.
            Query("environment", environment.EnvironmentName.ToLowerInvariant()),
#pragma warning restore CA1308
            FlushMs,
            new EngineCookie(CookieDays),
            [],
            [.. content.Catalog.Experiments.Select(EngineExperiment.Of)]);

        string Query(string name, string fallback) => request.Query[name] is [{ Length: > 0 } value, ..] ? value : fallback;
    }

    private static byte[] Compose(EngineConfiguration configuration)
    {
        var literal = JsonSerializer.SerializeToUtf8Bytes(configuration, SandboxJson.Default.EngineConfiguration);
        return [.. Bundle.AsSpan(..TokenStart), .. literal, .. Bundle.AsSpan(TokenStart + Token.Length)];
    }
}
