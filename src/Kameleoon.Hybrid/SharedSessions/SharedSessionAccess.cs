using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;

namespace Kameleoon.Hybrid;

/// <summary>Calls the store that the servers of a farm share.</summary>
internal sealed class SharedSessionAccess(
    TimeProvider clock,
    IOptions<KameleoonOptions> options,
    ILogger<SharedSessionAccess> logger,
    IVisitorSessionStore? store = null)
{
    private readonly StoreGuard _guard = new(
        options.Value.SharedSessions.Timeout,
        clock,
        new StoreMessages(logger.SharedSessionsUnavailable, logger.SharedSessionsRecovered, logger.SessionStoreRefuses),
        probe: token => store!.FindAsync("", token).AsTask());

    /// <summary>Whether the application has a store.</summary>
    internal bool IsOn => store is not null;

    /// <summary>Tells of changes at once, or null where the store does not.</summary>
    internal IVisitorSessionFeed? Feed => store as IVisitorSessionFeed;

    /// <summary>Why the store is unavailable, or null when it is not known to be.</summary>
    internal string? Problem => _guard.Problem;

    /// <summary>Whether the store has to be repaired: a full disk, a read-only or a damaged file.</summary>
    internal bool IsUnusable => _guard.IsUnusable;

    /// <summary>Makes a call that has an answer.</summary>
    internal ValueTask<StoreReply<T>> AskAsync<T>(
        Func<IVisitorSessionStore, CancellationToken, ValueTask<T>> call, CancellationToken cancellation = default) =>
        _guard.AskAsync(token => call(store!, token), StoreCaller.Request, cancellation);

    /// <summary>Makes a call that has no answer.</summary>
    internal ValueTask<StoreReply<bool>> RunAsync(
        Func<IVisitorSessionStore, CancellationToken, ValueTask> call, CancellationToken cancellation) =>
        _guard.RunAsync(token => call(store!, token), StoreCaller.Request, cancellation);
}
