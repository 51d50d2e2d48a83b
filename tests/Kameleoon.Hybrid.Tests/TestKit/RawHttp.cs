using System.Net;
using System.Net.Sockets;
using System.Text;

namespace Kameleoon.Hybrid.Tests;

/// <summary>Sends a request byte for byte, also one that no well-behaved client would.</summary>
internal static class RawHttp
{
    internal static async Task<(HttpStatusCode Status, string Headers, string Body)> GetAsync(
        Uri site, string path, string cookie)
    {
        using var client = new TcpClient();
        await client.ConnectAsync(site.Host, site.Port);
        await using var stream = client.GetStream();
        await stream.WriteAsync(Encoding.UTF8.GetBytes(
            $"GET {path} HTTP/1.1\r\nHost: {site.Authority}\r\nConnection: close\r\nCookie: {cookie}\r\n\r\n"));
        using var reader = new StreamReader(stream, Encoding.UTF8);
        var answer = await reader.ReadToEndAsync();
        var end = answer.IndexOf("\r\n\r\n", StringComparison.Ordinal);
        var body = answer[(end + 4)..];
        if (answer.Contains("Transfer-Encoding: chunked", StringComparison.OrdinalIgnoreCase))
        {
            body = body.Split("\r\n")[1];
        }

        return ((HttpStatusCode)int.Parse(answer.AsSpan(9, 3), System.Globalization.CultureInfo.InvariantCulture), answer[..end], body);
    }
}
