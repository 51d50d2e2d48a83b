using System.Globalization;
using System.Text.Json;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Options;

namespace Kameleoon.Hybrid.Sandbox;

/// <summary>Returns a visitor's history from the recorded events: <c>GET /visit/visitor</c>.</summary>
internal sealed class VisitorEndpoint(
    Recorder recorder,
    StoredSettings settings,
    TokenEndpoint tokens,
    IOptions<KameleoonSandboxOptions> options)
{
    private const int MaxVisits = 25;

    internal async Task GetAsync(HttpContext context)
    {
        var query = context.Request.Query;
        var value = query["mappingValue"].ToString();
        var code = query["visitorCode"].ToString();
        var status = !tokens.IsAuthorized(context.Request) ? StatusCodes.Status401Unauthorized
            : options.Value.RefuseBots && BotUserAgents.IsBot(context.Request.Headers.UserAgent)
                ? StatusCodes.Status403Forbidden
                : code.Length == 0 && value.Length == 0 ? StatusCodes.Status400BadRequest
                    : StatusCodes.Status200OK;
        context.Response.StatusCode = status;
        if (status != StatusCodes.Status200OK)
        {
            return;
        }

        context.Response.ContentType = "application/json";
        context.Response.Headers.CacheControl = EngineAnswers.NotReused;
        await context.Response.Body.WriteAsync(Answer(query, code, value), context.RequestAborted);
    }

    private byte[] Answer(IQueryCollection query, string code, string value)
    {
        var asked = int.TryParse(query["maxNumberPreviousVisits"], NumberStyles.None, CultureInfo.InvariantCulture, out var n);
        var wanted = VisitSelection.Of(query);
        var visits = recorder.Read(view => VisitsOf(view, code, value));
        using var buffer = new MemoryStream();
        using (var json = new Utf8JsonWriter(buffer))
        {
            json.WriteStartObject();

            // The newest visit of the code that was asked for is the current one, whether it is still going on or not; without a
            // code, the newest of the person.
            var current = code.Length > 0 ? visits.Find(visit => visit.Code.Is(code)) : visits.FirstOrDefault();
            if (wanted.CurrentVisit && current is not null)
            {
                json.WritePropertyName("currentVisit");
                VisitWriter.Write(json, current, wanted);
            }

            json.WriteStartArray("previousVisits");
            foreach (var visit in visits.Where(visit => visit != current).Take(Math.Clamp(asked ? n : 1, 0, MaxVisits)))
            {
                VisitWriter.Write(json, visit, wanted);
            }

            json.WriteEndArray();
            Scores(json, "kcs", wanted.Kcs, code, value);
            Scores(json, "cbs", wanted.Cbs, code, value);
            json.WriteEndObject();
        }

        return buffer.ToArray();
    }

    private void Scores(Utf8JsonWriter json, string kind, bool wanted, string code, string value)
    {
        if (wanted && (settings.Score(kind, code) ?? settings.Score(kind, value)) is { } scores)
        {
            json.WritePropertyName(kind);
            json.WriteRawValue(scores);
        }
    }

    // Youngest first, those of every code of a person; the code itself may not be linked to the person yet.
    private static List<VisitorVisit> VisitsOf(RecorderView view, string code, string value)
    {
        var codes = value.Length > 0 ? view.Links.CodesOf(value).Append(value).Append(code) : [code];
        return
        [
            .. codes.Distinct(StringComparer.Ordinal).Select(view.Visitors.Find).OfType<RecordedVisitor>()
                .SelectMany(visitor => visitor.Visits.Select(visit => new VisitorVisit(
                    visitor.Code,
                    visit.Number,
                    visit.Started,
                    visit.LastEvent,
                    [.. visitor.Events.Where(entry => entry.Visit == visit.Number && entry.Counted)])))
                .OrderByDescending(visit => visit.LastEvent),
        ];
    }
}

/// <summary>One visit and its events, oldest first.</summary>
internal sealed record VisitorVisit(
    string Code, int Number, DateTimeOffset Started, DateTimeOffset LastEvent, IReadOnlyList<RecordedEvent> Events);
