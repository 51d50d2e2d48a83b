using System.Text;
using Microsoft.AspNetCore.Http;

namespace Kameleoon.Hybrid.Sandbox;

/// <summary>Reads a request body as text, up to a limit.</summary>
internal static class RequestText
{
    /// <returns>Null when the body is larger than the limit.</returns>
    internal static async Task<string?> ReadAsync(HttpContext context, int maxBytes) =>
        await ReadBytesAsync(context, maxBytes) is { } body ? Encoding.UTF8.GetString(body) : null;

    /// <returns>The body as it came, or null when it is larger than the limit.</returns>
    internal static async Task<byte[]?> ReadBytesAsync(HttpContext context, int maxBytes)
    {
        if (context.Request.ContentLength > maxBytes)
        {
            return null;
        }

        using var body = new MemoryStream();
        var chunk = new byte[16 * 1024];
        while (await context.Request.Body.ReadAsync(chunk, context.RequestAborted) is var read and > 0)
        {
            if (body.Length + read > maxBytes)
            {
                return null;
            }

            await body.WriteAsync(chunk.AsMemory(0, read), context.RequestAborted);
        }

        return body.ToArray();
    }
}
