namespace Kameleoon.Hybrid;

/// <summary>How long a server asks to be left alone.</summary>
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
