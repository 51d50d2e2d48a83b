using System.Net.ServerSentEvents;
using System.Runtime.CompilerServices;

namespace Kameleoon.Hybrid.Sandbox;

/// <summary>Streams snapshots to one viewer of the live page: the newest one whenever it differs from the last.
/// </summary>
internal static class LiveStream
{
    // A burst of events is one picture; a person does not see more.
    private static readonly TimeSpan Pace = TimeSpan.FromMilliseconds(150);

    // The data file changes without telling, so look at it.
    private static readonly TimeSpan Look = TimeSpan.FromSeconds(1);

    private static readonly TimeSpan Silence = TimeSpan.FromSeconds(10);

    /// <summary>Yields snapshots, or a heartbeat when there are none; ends without an exception.</summary>
    internal static async IAsyncEnumerable<SseItem<string>> ReadAsync(
        LiveState state,
        TimeProvider clock,
        [EnumeratorCancellation] CancellationToken ending)
    {
        string? shown = null;
        var spoken = clock.GetTimestamp();
        while (!ending.IsCancellationRequested)
        {
            var changed = state.Changed;
            var json = state.ToJson(LiveState.DefaultEvents);
            if (!string.Equals(json, shown, StringComparison.Ordinal))
            {
                shown = json;
                spoken = clock.GetTimestamp();
                yield return new SseItem<string>(json, "state");
                await PauseAsync(Task.Delay(Pace, clock, ending));
            }
            else if (clock.GetElapsedTime(spoken) > Silence)
            {
                spoken = clock.GetTimestamp();
                yield return new SseItem<string>("", "alive");
            }

            await PauseAsync(changed.WaitAsync(Look, clock, ending));
        }
    }

    private static async Task PauseAsync(Task pause) =>
        await pause.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
}
