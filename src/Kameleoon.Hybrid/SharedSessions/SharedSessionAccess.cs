using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using Polly.CircuitBreaker;

namespace Kameleoon.Hybrid;

/// <summary>The way to the shared store, which may be away.</summary>
internal sealed class SharedSessionAccess(
    TimeProvider clock,
    IOptions<KameleoonOptions> options,
    ILogger<SharedSessionAccess> logger,
    IVisitorSessionStore? store = null)
{
    private readonly StorePatience _patience = new(
        options.Value.SharedSessions.Timeout, clock, token => store!.FindAsync("", token).AsTask());

    private string? _problem;
    private readonly LogOnce _refusal = new();

    internal bool IsOn => store is not null;

    /// <summary>Why the store could not answer last, or null when it did.</summary>
    internal string? Problem => Volatile.Read(ref _problem);

    /// <summary>Asks the store, within its deadline.</summary>
    internal async ValueTask<StoreReply<T>> TryAsync<T>(
        Func<IVisitorSessionStore, CancellationToken, ValueTask<T>> call, CancellationToken cancellation = default)
    {
        try
        {
            var answer = await _patience.AskAsync(token => call(store!, token), cancellation);
            GoOn();
            return new(IsDone: true, IsRefused: false, answer);
        }
        catch (StoreRefusalException e)
        {
            GoOn();
            if (_refusal.IsFirst())
            {
                logger.SessionStoreRefuses(e.InnerException!);
            }

            return new(IsDone: false, IsRefused: true, default);
        }
#pragma warning disable CA1031 // What a database client throws is its own affair; pages go on.
        catch (Exception e)
#pragma warning restore CA1031
        {
            var problem = e is BrokenCircuitException { InnerException: { } cause } ? cause.Message : ErrorText.Of(e);
            if (!cancellation.IsCancellationRequested && Interlocked.Exchange(ref _problem, problem) is null)
            {
                logger.SharedSessionsUnavailable(e);
            }

            return new(IsDone: false, IsRefused: false, default);
        }
    }

    private void GoOn()
    {
        if (Interlocked.Exchange(ref _problem, null) is not null)
        {
            logger.SharedSessionsRecovered();
        }
    }
}
