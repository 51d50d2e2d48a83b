namespace Kameleoon.Hybrid.Sandbox;

/// <summary>One request that an endpoint of the platform received.</summary>
/// <param name="Number">Counts up from 1 since the start or the last reset.</param>
/// <param name="Time">When it arrived.</param>
/// <param name="Endpoint">Which endpoint answered, as in the faults.</param>
/// <param name="Method">The HTTP method.</param>
/// <param name="Url">Path and query.</param>
/// <param name="Headers">The headers, several values joined by a comma.</param>
/// <param name="Body">The body of a POST, cut after 16,000 characters.</param>
/// <param name="Status">The answer; 0 when the connection was broken.</param>
/// <param name="Lines">The first hundred events of the body, as they were understood; null for other endpoints.</param>
/// <param name="Milliseconds">How long the answer took; of a stream, how long it lasted.</param>
internal sealed record RecordedRequest(
    long Number,
    DateTimeOffset Time,
    string Endpoint,
    string Method,
    string Url,
    IReadOnlyDictionary<string, string> Headers,
    string? Body,
    IReadOnlyList<EventLine>? Lines,
    int Status,
    double Milliseconds)
{
    private const string Redacted = "(redacted)";

    private static readonly HashSet<string> Secret =
        new(StringComparer.OrdinalIgnoreCase) { "Authorization", "Cookie", "Proxy-Authorization" };

    /// <summary>The request without the values of headers that let a reader act as the caller.</summary>
    internal RecordedRequest WithoutSecrets() => this with
    {
        Headers = Headers.ToDictionary(
            header => header.Key,
            header => Secret.Contains(header.Key) ? Redacted : header.Value,
            StringComparer.OrdinalIgnoreCase),
    };
}
