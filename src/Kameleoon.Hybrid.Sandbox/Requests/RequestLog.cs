using Microsoft.AspNetCore.Http;

namespace Kameleoon.Hybrid.Sandbox;

/// <summary>The last 1,000 requests to endpoints of the platform.</summary>
internal sealed class RequestLog(SandboxClock clock)
{
    internal const int Limit = 1_000;
    private const int MaxBody = 16_000;

    private const int MaxLines = 100;

    private static readonly object BodyKey = new();
    private static readonly object LinesKey = new();

    private readonly Lock _gate = new();
    private readonly Queue<RecordedRequest> _hits = [];
    private long _count;

    /// <summary>Attaches the body of a request to its log entry.</summary>
    internal static void AttachBody(HttpContext context, string body) => context.Items[BodyKey] = body;

    /// <summary>Attaches the parsed events of a request to its log entry.</summary>
    internal static void AttachEvents(HttpContext context, IReadOnlyList<EventLine> lines) =>
        context.Items[LinesKey] = lines.Count > MaxLines ? lines.Take(MaxLines).ToList() : lines;

    internal void Add(HttpContext context, string endpoint, DateTimeOffset time, bool broken, TimeSpan duration)
    {
        var request = context.Request;
        var body = context.Items[BodyKey] as string;
        var hit = new RecordedRequest(
            0,
            time,
            endpoint,
            request.Method,
            $"{request.Path}{request.QueryString}",
            request.Headers.ToDictionary(
                header => header.Key, header => header.Value.ToString(), StringComparer.OrdinalIgnoreCase),
            body is null ? null : Cutting.Cut(body, MaxBody),
            context.Items[LinesKey] as IReadOnlyList<EventLine>,
            broken ? 0 : context.Response.StatusCode,
            duration.TotalMilliseconds);
        lock (_gate)
        {
            _hits.Enqueue(hit with { Number = ++_count });
            if (_hits.Count > Limit)
            {
                _hits.Dequeue();
            }
        }
    }

    internal IReadOnlyList<RecordedRequest> Read(string? endpoint = null)
    {
        lock (_gate)
        {
            return [.. _hits.Where(hit => endpoint is null || hit.Endpoint.Is(endpoint))];
        }
    }

    internal DateTimeOffset Now() => clock.GetUtcNow();

    internal void Clear()
    {
        lock (_gate)
        {
            _hits.Clear();
            _count = 0;
        }
    }
}
