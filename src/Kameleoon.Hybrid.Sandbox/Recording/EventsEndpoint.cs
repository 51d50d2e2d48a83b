using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;

namespace Kameleoon.Hybrid.Sandbox;

/// <summary>Receives events: <c>POST /visit/events</c>. Like the platform, it does not tell the client what is wrong
/// with an event.</summary>
internal sealed class EventsEndpoint(
    Recorder recorder,
    ProjectFile dataFile,
    SandboxStore store,
    SandboxClock clock,
    TokenEndpoint tokens,
    IOptions<KameleoonSandboxOptions> options,
    ILogger<EventsEndpoint> logger)
{
    internal const int MaxBodyBytes = 3 * 1024 * 1024;

    internal async Task PostAsync(HttpContext context)
    {
        if (!tokens.IsAuthorized(context.Request))
        {
            context.Response.StatusCode = StatusCodes.Status401Unauthorized;
            return;
        }

        if (await RequestText.ReadAsync(context, MaxBodyBytes) is not { } body)
        {
            logger.BodyTooLarge(MaxBodyBytes);
            context.Response.StatusCode = StatusCodes.Status413PayloadTooLarge;
            return;
        }

        RequestLog.AttachBody(context, body);
        var facts = BrowserIdentity.Of(context.Request);
        var query = context.Request.QueryString.Value ?? "";
        var batch = EventBatch.Parse(query, body, facts);
        RequestLog.AttachEvents(context, batch.Lines);
        if (options.Value.RefuseBots && IsBots(batch))
        {
            context.Response.StatusCode = StatusCodes.Status403Forbidden;
            return;
        }

        var now = clock.GetUtcNow();
        var recorded = recorder.Record(batch, dataFile.ReadRecent().Catalog, now);
        store.Append(new StoredBatch(now, query, facts, body));
        logger.EventsReceived(recorded.Count, batch.Sender.Name());
        if (recorded.FirstOrDefault(entry => !entry.Counted) is { } refused)
        {
            logger.EventsNotCounted(recorded.Count(entry => !entry.Counted), batch.Sender.Name(), refused.Violations[0]);
        }

        context.Response.StatusCode = StatusCodes.Status204NoContent;
    }

    // A server reports for many visitors, with a user agent in each line. One bot rejects the whole request.
    private static bool IsBots(EventBatch batch) => BotUserAgents.IsBot(batch.Facts.UserAgent)
        || batch.Lines.Any(line => BotUserAgents.IsBot(line.Fields.GetValueOrDefault("userAgent")));
}
