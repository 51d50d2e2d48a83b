using System.Collections.Concurrent;
using System.Net;
using System.Text;
using System.Threading.Channels;

namespace Kameleoon.Hybrid.Tests;

/// <summary>The platform's end of the wire: serves what a test says, keeps what was sent, refuses surprises.</summary>
internal sealed class StubPlatform : HttpMessageHandler
{
    private readonly ConcurrentQueue<SentRequest> _requests = new();
    private readonly ConcurrentQueue<HttpStatusCode> _trackingAnswers = new();
    private readonly Channel<bool> _arrived = Channel.CreateUnbounded<bool>();
    private int _open;

    internal Func<HttpRequestMessage, HttpResponseMessage> DataFile { get; set; } = _ => Json(DataFiles.Shop);

    internal Func<HttpResponseMessage> Token { get; set; } =
        () => Json("""{"access_token":"TOKEN-1","token_type":"bearer","expires_in":7200}""");

    internal Func<HttpResponseMessage> Stream { get; set; } =
        () => throw new InvalidOperationException("Nobody expected the event stream to be opened.");

    internal Func<HttpRequestMessage, CancellationToken, Task<HttpResponseMessage>> Remote { get; set; } =
        (request, _) => throw new InvalidOperationException($"Nobody expected a request to {request.RequestUri}.");

    internal TimeSpan? RetryAfter { get; set; }

    /// <summary>Called for each request that brings events.</summary>
    internal Action? Tracked { get; set; }

    /// <summary>Answers bodies of events, or returns null to accept them.</summary>
    internal Func<string, HttpStatusCode?>? Judge { get; set; }

    /// <summary>How many requests wait for an answer.</summary>
    internal int Open => Volatile.Read(ref _open);

    internal IEnumerable<SentRequest> Requests => _requests;

    internal IEnumerable<SentRequest> TrackingRequests => _requests.Where(request => request.IsTracking);

    /// <summary>Every event line sent so far, decoded, in the order of arrival.</summary>
    internal List<Dictionary<string, string>> Events =>
        [.. TrackingRequests.SelectMany(request => request.Lines)];

    internal static HttpResponseMessage Json(string json, DateTimeOffset? lastModified = null)
    {
        var response = new HttpResponseMessage { Content = new StringContent(json, Encoding.UTF8, "application/json") };
        response.Content.Headers.LastModified = lastModified;
        return response;
    }

    internal void AnswerTrackingWith(params HttpStatusCode[] answers) => Array.ForEach(answers, _trackingAnswers.Enqueue);

    /// <summary>Waits until one more request has arrived.</summary>
    internal Task NextAsync() => _arrived.Reader.ReadAsync().AsTask().WaitAsync(HangGuard.Timeout);

    /// <summary>Waits until a request of a kind has arrived, those before included.</summary>
    internal async Task<SentRequest> UntilAsync(Func<SentRequest, bool> wanted)
    {
        while (true)
        {
            if (_requests.FirstOrDefault(wanted) is { } found)
            {
                return found;
            }

            await NextAsync();
        }
    }

    private HttpResponseMessage Tracking(string body)
    {
        Tracked?.Invoke();
        var response = new HttpResponseMessage(
            _trackingAnswers.TryDequeue(out var answer) ? answer : Judge?.Invoke(body) ?? HttpStatusCode.NoContent);
        response.Headers.RetryAfter = RetryAfter is { } pause ? new(pause) : null;
        return response;
    }

    protected override async Task<HttpResponseMessage> SendAsync(
        HttpRequestMessage request,
        CancellationToken cancellationToken)
    {
        Interlocked.Increment(ref _open);
        try
        {
            return await AnswerAsync(request, cancellationToken);
        }
        finally
        {
            Interlocked.Decrement(ref _open);
        }
    }

    private async Task<HttpResponseMessage> AnswerAsync(HttpRequestMessage request, CancellationToken cancellationToken)
    {
        var body = request.Content is null ? "" : await request.Content.ReadAsStringAsync(cancellationToken);
        _requests.Enqueue(new SentRequest(
            request.Method.Method,
            request.RequestUri!,
            request.Headers.Concat(request.Content?.Headers ?? Enumerable.Empty<KeyValuePair<string, IEnumerable<string>>>())
                .ToDictionary(header => header.Key, header => string.Join(',', header.Value), StringComparer.OrdinalIgnoreCase),
            body));
        _arrived.Writer.TryWrite(true);
        return request.RequestUri!.AbsolutePath switch
        {
            "/visit/events" => Tracking(body),
            "/oauth/token" => Token(),
            "/sse" => Stream(),
            "/visit/visitor" or "/map/map" => await Remote(request, cancellationToken),
            var path when path.StartsWith("/v3/", StringComparison.Ordinal) => DataFile(request),
            var path => throw new InvalidOperationException($"Nobody expected a request to {path}."),
        };
    }
}

internal sealed record SentRequest(string Method, Uri Url, Dictionary<string, string> Headers, string Body)
{
    internal bool IsTracking => Url.AbsolutePath is "/visit/events";

    internal bool IsDataFile => Url.AbsolutePath.StartsWith("/v3/", StringComparison.Ordinal);

    internal IEnumerable<Dictionary<string, string>> Lines => Body.Split('\n').Select(line => line.Split('&')
        .Select(text => text.Split('='))
        .ToDictionary(pair => pair[0], pair => Uri.UnescapeDataString(pair[1]), StringComparer.Ordinal));
}
