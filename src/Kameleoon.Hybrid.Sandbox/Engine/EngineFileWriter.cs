using System.Security.Cryptography;
using System.Text.Json;
using Microsoft.AspNetCore.Http;
using Microsoft.Net.Http.Headers;

namespace Kameleoon.Hybrid.Sandbox;

/// <summary>Writes the engine's files as scripts with an ETag, so that browsers rarely download them again.</summary>
internal static class EngineFileWriter
{
    /// <summary>A literal of JavaScript: JSON, with functions where the project has scripts.</summary>
    internal static byte[] Literal<T>(T value) =>
        JsonSerializer.SerializeToUtf8Bytes(value, typeof(T), EngineJson.Default);

    /// <summary>A file that hands <paramref name="value"/> to the engine under <paramref name="name"/>.</summary>
    internal static Task WriteAsync<T>(HttpContext context, TimeSpan maxAge, string name, T value) => WriteAsync(
        context,
        maxAge,
        [.. "Kameleoon.Internals.receive("u8, .. Literal(name), .. ","u8, .. Literal(value), .. ");\n"u8]);

    internal static async Task WriteAsync(HttpContext context, TimeSpan maxAge, byte[] script)
    {
        var tag = new EntityTagHeaderValue($"\"{Convert.ToHexStringLower(SHA256.HashData(script).AsSpan(..16))}\"");
        var response = context.Response;
        response.GetTypedHeaders().ETag = tag;
        response.GetTypedHeaders().CacheControl = maxAge > TimeSpan.Zero
            ? new CacheControlHeaderValue { MaxAge = maxAge }
            : new CacheControlHeaderValue { NoCache = true };
        if (context.Request.GetTypedHeaders().IfNoneMatch.Any(known => known.Compare(tag, useStrongComparison: false)))
        {
            response.StatusCode = StatusCodes.Status304NotModified;
            return;
        }

        response.ContentType = "text/javascript; charset=utf-8";
        response.ContentLength = script.Length;
        await response.Body.WriteAsync(script, context.RequestAborted);
    }
}
