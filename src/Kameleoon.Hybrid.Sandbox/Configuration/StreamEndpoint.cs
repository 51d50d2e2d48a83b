using System.Globalization;
using System.Text;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Hosting;

namespace Kameleoon.Hybrid.Sandbox;

/// <summary>Serves the event stream that tells SDKs of a changed data file: <c>GET /sse</c>.</summary>
internal sealed class StreamEndpoint(
    ProjectFile dataFile,
    StreamTestMessages testMessages,
    TimeProvider clock,
    IHostApplicationLifetime lifetime)
{
    // Notifications of changed files are unreliable, and reading the file is cheap.
    private static readonly TimeSpan Look = TimeSpan.FromMilliseconds(200);

    private static readonly TimeSpan Silence = TimeSpan.FromSeconds(10);

    private static readonly byte[] Heartbeat = ":\n\n"u8.ToArray();

    internal async Task GetAsync(HttpContext context)
    {
        using var ending = CancellationTokenSource.CreateLinkedTokenSource(
            context.RequestAborted, lifetime.ApplicationStopping);
        var response = context.Response;
        response.ContentType = "text/event-stream";
        response.Headers.CacheControl = "no-cache";
        if (HttpMethods.IsHead(context.Request.Method))
        {
            return;
        }

        try
        {
            await WriteAsync(response, context.Request.Query["siteCode"].ToString(), ending.Token);
        }
        catch (OperationCanceledException) when (ending.IsCancellationRequested)
        {
            // The client disconnected, or the sandbox is stopping.
        }
    }

    private async Task WriteAsync(HttpResponse response, string siteCode, CancellationToken cancellationToken)
    {
        // Before the first byte, by which the client knows that it will be told of whatever comes now.
        var known = dataFile.Read().LastModified;
        var said = testMessages.Count;

        // The headers go out with the first byte, and the client waits for them.
        await SendAsync(response, Heartbeat, cancellationToken);
        var spoken = clock.GetTimestamp();
        if (testMessages.SendsUpdateOnConnect)
        {
            await SendAsync(response, Update(siteCode, "update"), cancellationToken);
        }

        while (true)
        {
            await Task.Delay(Look, clock, cancellationToken);
            var content = dataFile.Read();
            if (content.LastModified != known)
            {
                known = content.LastModified;
                await SendAsync(response, Update(siteCode, "update"), cancellationToken);
                spoken = clock.GetTimestamp();
            }
            else if (testMessages.After(said) is [var kind, ..])
            {
                said++;
                await SendAsync(response, Update(siteCode, kind), cancellationToken);
                spoken = clock.GetTimestamp();
            }
            else if (clock.GetElapsedTime(spoken) >= Silence)
            {
                await SendAsync(response, Heartbeat, cancellationToken);
                spoken = clock.GetTimestamp();
            }
        }
    }

    private byte[] Update(string siteCode, string kind)
    {
        var site = kind is "foreign" ? "another-site" : Uri.EscapeDataString(siteCode);
        var time = clock.GetUtcNow() - (kind is "older" ? TimeSpan.FromHours(1) : TimeSpan.Zero);
        var data = kind is "malformed"
            ? $$"""{"siteCode":"{{site}}","ts"""
            : string.Create(
                CultureInfo.InvariantCulture, $$"""{"siteCode":"{{site}}","ts":{{time.ToUnixTimeMilliseconds()}}}""");
        return Encoding.UTF8.GetBytes($"event: configuration-update-event\ndata: {data}\n\n");
    }

    private static async Task SendAsync(HttpResponse response, byte[] bytes, CancellationToken cancellationToken)
    {
        await response.Body.WriteAsync(bytes, cancellationToken);
        await response.Body.FlushAsync(cancellationToken);
    }
}
