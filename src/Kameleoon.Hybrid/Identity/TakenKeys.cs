using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;

namespace Kameleoon.Hybrid;

/// <summary>The keys of requests, whose store may be away: an event that may count twice is better than one that is lost.
/// </summary>
/// <remarks>Nothing is cancelled with the request: who hangs up while a key is written would be told that the events were
/// taken.</remarks>
internal sealed class TakenKeys(IIdempotencyKeyStore keys, IOptions<KameleoonOptions> options, ILogger<TakenKeys> logger)
{
    private readonly TimeSpan _timeout = options.Value.Identity.Timeout;
    private readonly LogOnce _failure = new();

    internal Task<IdempotencyClaim> ClaimAsync(string caller, string key, string content) =>
        AskAsync(token => keys.ClaimAsync(caller, key, content, token).AsTask(), IdempotencyClaim.New);

    internal Task ConfirmAsync(string caller, string key) => AskAsync(
        async token =>
        {
            await keys.ConfirmAsync(caller, key, token);
            return true;
        },
        otherwise: false);

    internal Task ReleaseAsync(string caller, string key) => AskAsync(
        async token =>
        {
            await keys.ReleaseAsync(caller, key, token);
            return true;
        },
        otherwise: false);

    private async Task<T> AskAsync<T>(Func<CancellationToken, Task<T>> call, T otherwise)
    {
        using var deadline = new CancellationTokenSource(_timeout);
        try
        {
            // On another thread: not every database client waits without one.
            return await Task.Run(() => call(deadline.Token), deadline.Token).WaitAsync(deadline.Token);
        }
#pragma warning disable CA1031 // Whatever a store throws.
        catch (Exception e)
#pragma warning restore CA1031
        {
            if (_failure.IsFirst())
            {
                logger.KeysUnavailable(e);
            }

            return otherwise;
        }
    }
}
