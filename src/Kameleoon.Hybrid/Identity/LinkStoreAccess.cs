using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;

namespace Kameleoon.Hybrid;

/// <summary>Calls the store of visitor links.</summary>
internal sealed class LinkStoreAccess(
    TimeProvider clock,
    IOptions<KameleoonOptions> options,
    ILogger<LinkStoreAccess> logger,
    IVisitorLinkStore? store = null)
{
    private readonly StoreGuard _guard = new(
        options.Value.Identity.Timeout,
        clock,
        new StoreMessages(logger.LinksUnavailable, logger.LinksRecovered, logger.LinkStoreRefuses),
        probe: token => store!.FindAsync("", token).AsTask());

    /// <summary>Whether the application has a store.</summary>
    internal bool IsOn => store is not null;

    /// <summary>Why the store is unavailable, or null when it is not known to be.</summary>
    internal string? Problem => _guard.Problem;

    /// <summary>Whether the store has to be repaired: a full disk, a read-only or a damaged file.</summary>
    internal bool IsUnusable => _guard.IsUnusable;

    /// <summary>Calls the store.</summary>
    /// <param name="call">The call.</param>
    /// <param name="cancellation">Cancels the call.</param>
    /// <param name="caller">Whether a request or a background service waits for the call.</param>
    /// <param name="writesFor">The user key whose link is written, or null when the call only reads.</param>
    /// <exception cref="VisitorLinksUnavailableException">The store cannot answer.</exception>
    internal async ValueTask<T> RunAsync<T>(
        Func<IVisitorLinkStore, CancellationToken, ValueTask<T>> call,
        CancellationToken cancellation,
        StoreCaller caller = StoreCaller.Request,
        string? writesFor = null)
    {
        var links = store ?? throw new InvalidOperationException(
            "There is no store of visitor links. Call AddSqliteStore of the package "
            + "Kameleoon.Hybrid.EntityFrameworkCore.Sqlite, or AddPostgreSqlStore of "
            + "Kameleoon.Hybrid.EntityFrameworkCore.PostgreSql, on the builder that AddKameleoonHybrid returns.");
        var reply = await _guard.WriteAsync(
            token => call(links, token), caller, writesFor, static answer => IsWrite(answer), cancellation);
        if (reply.IsDone)
        {
            return reply.Answer!;
        }

        cancellation.ThrowIfCancellationRequested();
        var problem = ErrorText.Of(reply.Error!);
        throw new VisitorLinksUnavailableException(
            reply.IsRefused
                ? $"The store of visitor links refuses this call. {problem}"
                : $"The store of visitor links is unavailable. {problem}",
            reply.Error);
    }

    // The other outcomes write nothing: the user had a code, or the code belongs to another user.
    private static bool IsWrite<T>(T answer) => answer is VisitorLinkResult
    {
        Outcome: VisitorLinkOutcome.Linked or VisitorLinkOutcome.Merged,
    };
}
