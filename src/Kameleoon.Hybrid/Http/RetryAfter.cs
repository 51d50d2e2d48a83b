namespace Kameleoon.Hybrid;

/// <summary>Reads the pause that a server requests with <c>Retry-After</c>.</summary>
internal static class RetryAfter
{
    internal static TimeSpan? Of(HttpResponseMessage? response, TimeProvider clock) =>
        response?.Headers.RetryAfter switch
        {
            { Delta: { } delta } => delta,
            { Date: { } date } when date > clock.GetUtcNow() => date - clock.GetUtcNow(),
            _ => null,
        };
}
