using System.Text.Json.Serialization;

namespace Kameleoon.Hybrid.Sandbox;

/// <summary>A failure that a test sets for an endpoint: a delay, an error status, a broken connection or another
/// body.</summary>
/// <param name="DelayMs">Milliseconds to wait before anything else; 0 to 600,000.</param>
/// <param name="Status">Answers this status instead of working; 400 to 599.</param>
/// <param name="Body">The body of that answer, or of a 200 when there is no status: rubbish for a client to survive.</param>
/// <param name="RetryAfter">Seconds for a <c>Retry-After</c> header.</param>
/// <param name="Drop">Breaks the connection without an answer.</param>
/// <param name="Times">For so many requests; null until it is taken away.</param>
internal sealed record Fault(
    int DelayMs = 0, int? Status = null, string? Body = null, int? RetryAfter = null, bool Drop = false, int? Times = null)
{
    /// <summary>Says what is wrong with it, or null.</summary>
    [JsonIgnore]
    internal string? Problem => this switch
    {
        { DelayMs: < 0 or > 600_000 } => "delayMs is from 0 to 600000.",
        { Status: < 400 or > 599 } => "status is from 400 to 599.",
        { RetryAfter: < 0 } => "retryAfter is from 0.",
        { Times: <= 0 } => "times is above 0.",
        { DelayMs: 0, Status: null, Drop: false, Body: null } => "A fault has delayMs, status, body or drop.",
        _ => null,
    };
}
