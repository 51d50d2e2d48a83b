using System.Security.Cryptography;
using System.Text.Json;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Options;
using Microsoft.Net.Http.Headers;

namespace Kameleoon.Hybrid.Sandbox;

/// <summary>Serves the browser engine with the configuration written into it.</summary>
internal sealed class EngineEndpoint(
    SandboxDataFile dataFile,
    IOptions<KameleoonOptions> library)
{
    private const int FlushMs = 500;
    private const int CookieDays = 365;
    private const string DefaultSite = "sandbox";
    private const string DefaultEnvironment = "production";

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
            Query("siteCode", library.Value.SiteCode is { Length: > 0 } own ? own : DefaultSite),
            Math.Max(0, content.LastModified.ToUnixTimeMilliseconds()),
            address,
            address,
            Query("environment", library.Value.Environment ?? DefaultEnvironment),
            FlushMs,
            new EngineCookie(CookieDays),
            [],
            [.. content.Catalog.Experiments.Select(EngineExperiment.Of)]);

        string Query(string name, string fallback) =>
            request.Query[name] is [{ Length: > 0 } value, ..] ? value : fallback;
    }

    private static byte[] Compose(EngineConfiguration configuration)
    {
        var literal = JsonSerializer.SerializeToUtf8Bytes(configuration, SandboxJson.Default.EngineConfiguration);
        return [.. Bundle.AsSpan(..TokenStart), .. literal, .. Bundle.AsSpan(TokenStart + Token.Length)];
    }
}
