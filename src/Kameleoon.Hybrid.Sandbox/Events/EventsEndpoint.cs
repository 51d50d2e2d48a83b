using System.Text;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;

namespace Kameleoon.Hybrid.Sandbox;

/// <summary>The tracking service: takes whatever is posted and never tells the sender what is wrong with it.</summary>
internal sealed class EventsEndpoint(Recorder recorder, SandboxDataFile dataFile, ILogger<EventsEndpoint> logger)
{
    internal const int MaxBodyBytes = 3 * 1024 * 1024;

    internal async Task PostAsync(HttpContext context)
    {
        context.Response.Headers.AccessControlAllowOrigin = "*";
        if (await ReadBodyAsync(context) is not { } body)
        {
            logger.BodyTooLarge(MaxBodyBytes);
            context.Response.StatusCode = StatusCodes.Status413PayloadTooLarge;
            return;
        }

        var batch = EventBatch.Parse(context.Request.Query, body);
        var recorded = recorder.Record(batch, dataFile.Read().Catalog);
        logger.EventsReceived(recorded.Count, batch.Sender);
        if (recorded.FirstOrDefault(entry => !entry.Counted) is { } refused)
        {
            logger.EventsNotCounted(recorded.Count(entry => !entry.Counted), batch.Sender, refused.Violations[0]);
        }

        context.Response.StatusCode = StatusCodes.Status204NoContent;
    }

    internal static Task PreflightAsync(HttpContext context)
    {
        var response = context.Response;
        response.Headers.AccessControlAllowOrigin = "*";
        response.Headers.AccessControlAllowMethods = "POST, OPTIONS";
        response.Headers.AccessControlMaxAge = "600";
        if (context.Request.Headers.AccessControlRequestHeaders is { Count: > 0 } wanted)
        {
            response.Headers.AccessControlAllowHeaders = wanted;
        }

        response.StatusCode = StatusCodes.Status204NoContent;
        return Task.CompletedTask;
    }

    private static async Task<string?> ReadBodyAsync(HttpContext context)
    {
        if (context.Request.ContentLength > MaxBodyBytes)
        {
            return null;
        }

        using var body = new MemoryStream();
        var chunk = new byte[16 * 1024];
        while (await context.Request.Body.ReadAsync(chunk, context.RequestAborted) is var read and > 0)
        {
            if (body.Length + read > MaxBodyBytes)
            {
                return null;
            }

            await body.WriteAsync(chunk.AsMemory(0, read), context.RequestAborted);
        }

        return Encoding.UTF8.GetString(body.GetBuffer(), 0, (int)body.Length);
    }
}
