using System.Text.Json;

namespace Kameleoon.Hybrid.TestKit;

/// <summary>What arrived at the sandbox that an application embeds.</summary>
internal static class LiveEvents
{
    /// <summary>What the sandbox's live page shows at this moment.</summary>
    internal static async Task<LiveState> ReadAsync(Uri application)
    {
        using var http = new HttpClient { BaseAddress = application };
        var json = await http.GetStringAsync(new Uri("/_kameleoon/live/state?events=5000", UriKind.Relative));
        var state = JsonSerializer.Deserialize<LiveState>(json, JsonSerializerOptions.Web)!;

        // A browser that leaves a page does not learn whether its last request arrived, and may send it again with the
        // same nonce. The sandbox counts it once, and so do we.
        return new LiveState([.. state.Events.Where(sent => sent.Counted)]);
    }

    /// <summary>Waits until the sandbox has received what a test waits for, and returns all events of that visitor.</summary>
    internal static async Task<IReadOnlyList<LiveEvent>> WaitAsync(
        Uri application, string visitorCode, Func<LiveEvent, bool> awaited)
    {
        using var deadline = new CancellationTokenSource(HangGuard.Timeout);
        for (var pause = 5; ; pause = Math.Min(pause * 2, 100))
        {
            var events = (await ReadAsync(application)).Events.Where(e => e.VisitorCode == visitorCode).ToList();
            if (events.Exists(e => awaited(e)))
            {
                return events;
            }

            deadline.IsCancellationRequested.ShouldBeFalse(
                "The event never arrived; there are: " + string.Join("; ", events.Select(e => $"{e.Sender} {e.Type}")));
            await Task.Delay(pause);
        }
    }
}

public sealed record LiveState(IReadOnlyList<LiveEvent> Events);

public sealed record LiveEvent(
    string Sender,
    string Type,
    string? VisitorCode,
    string? Flag,
    string? Variation,
    IReadOnlyDictionary<string, string> Fields,
    IReadOnlyList<string> Violations,
    bool Counted);
