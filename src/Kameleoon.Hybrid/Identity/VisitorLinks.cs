using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using Polly.CircuitBreaker;

namespace Kameleoon.Hybrid;

/// <summary>The links between people and visitor codes: what is remembered first, then the store, which may be away.
/// </summary>
internal sealed class VisitorLinks(
    UserKeys keys,
    LinkCache cache,
    MappingReport mapping,
    SessionMerge merge,
    TimeProvider clock,
    KameleoonMetrics metrics,
    IOptions<KameleoonOptions> options,
    ILogger<VisitorLinks> logger,
    IVisitorLinkStore? store = null)
{
    private readonly StorePatience _patience = new(
        options.Value.Identity.Timeout, clock, token => store!.FindAsync("", token).AsTask());

    // Whoever asks for a person's data can wait, and half of it is no answer.
    private readonly StorePatience _thorough = new(
        TimeSpan.FromSeconds(30), clock, token => store!.FindAsync("", token).AsTask());

    private readonly RefusedLinks _refused = new();
    private string? _problem;
    private int _refusalLogged;

    internal bool IsEnabled => store is not null;

    /// <summary>Why the store could not answer last, or writes nobody's links, or null.</summary>
    internal string? Problem => Volatile.Read(ref _problem) ?? _refused.Problem;

    /// <summary>What is remembered of a user, or null.</summary>
    internal LinkedUser? Remembered(string userId) => cache.Find(userId);

    /// <exception cref="VisitorLinksUnavailableException">The store cannot answer.</exception>
    internal ValueTask<LinkedUser> FindAsync(string userId, CancellationToken cancellation = default) =>
        cache.Find(userId) is { } known ? new(known) : AskAsync(userId, cancellation);

    /// <summary>Makes a code a user's, unless the user has one or the code is somebody else's, and tells the platform
    /// that both are one person.</summary>
    /// <exception cref="VisitorLinksUnavailableException">The store cannot answer.</exception>
    internal ValueTask<(LinkedUser User, VisitorLinkOutcome Outcome)> LinkAsync(
        string userId, string code, CancellationToken cancellation = default) =>
        LinkAsync(userId, code, isAwaited: true, cancellation);

    /// <summary>The same where no request waits for it: its failures keep no request from asking the store.</summary>
    /// <exception cref="VisitorLinksUnavailableException">The store cannot answer.</exception>
    internal ValueTask<(LinkedUser User, VisitorLinkOutcome Outcome)> LinkLaterAsync(
        string userId, string code, CancellationToken cancellation) =>
        LinkAsync(userId, code, isAwaited: false, cancellation);

    /// <summary>Whether a code is a user's, who gets it if it is nobody's.</summary>
    /// <exception cref="VisitorLinksUnavailableException">The store cannot answer.</exception>
    internal async ValueTask<bool> IsOwnAsync(string userId, string code, CancellationToken cancellation) =>
        (await FindAsync(userId, cancellation)).Owns(code)
        ?? (VisitorCode.IsReported(code)
            && (await LinkAsync(userId, code, cancellation)).Outcome != VisitorLinkOutcome.Foreign);

    /// <summary>Whether a code is somebody else's. Nothing is written.</summary>
    /// <exception cref="VisitorLinksUnavailableException">The store cannot answer.</exception>
    internal async ValueTask<bool> IsOthersAsync(string userId, string code, CancellationToken cancellation = default)
    {
        var user = await FindAsync(userId, cancellation);
        if (!user.HasAsked(code))
        {
            var owner = await RunAsync((store, token) => store.FindOwnerAsync(code, token), cancellation);
            user.Note(code, owner is null ? null : string.Equals(owner, user.Key, StringComparison.Ordinal));
        }

        return user.Owns(code) == false;
    }

    /// <summary>Gives a user's code: the one there is, the proposed one, or a new one if that is somebody else's.</summary>
    /// <exception cref="VisitorLinksUnavailableException">The store cannot answer.</exception>
    internal async ValueTask<string> GetOrCreateAsync(
        string userId, string? proposed, CancellationToken cancellation = default)
    {
        var user = await FindAsync(userId, cancellation);
        while (user.Code is null)
        {
            (user, _) = await LinkAsync(userId, proposed ?? VisitorCode.Generate(), cancellation);
            proposed = null;
        }

        return user.Code;
    }

    /// <summary>Asks the store anything, after it failed: whether it answers.</summary>
    internal async ValueTask<bool> AnswersAsync(CancellationToken cancellation)
    {
        try
        {
            await RunAsync(static (store, token) => store.FindAsync("", token), cancellation);
            return true;
        }
        catch (VisitorLinksUnavailableException)
        {
            return false;
        }
    }

    internal ValueTask<IReadOnlyList<VisitorLink>> ExportAsync(string userId, CancellationToken cancellation)
    {
        var key = keys.Of(userId);
        return RunAsync((store, token) => store.ExportAsync(key, token), cancellation, isAwaited: false, _thorough);
    }

    internal async ValueTask<IReadOnlyList<string>> ForgetAsync(string userId, CancellationToken cancellation)
    {
        var key = keys.Of(userId);
        var codes = await RunAsync((store, token) => store.ForgetAsync(key, token), cancellation, isAwaited: false, _thorough);
        cache.Remove(userId);
        return codes;
    }

    private async ValueTask<(LinkedUser User, VisitorLinkOutcome Outcome)> LinkAsync(
        string userId, string code, bool isAwaited, CancellationToken cancellation)
    {
        var key = keys.Of(userId);
        var removals = cache.Removals;
        var result = await WriteAsync(key, code, isAwaited, cancellation);
        metrics.Linked(result.Outcome);
        var user = cache.Find(userId) is { } known && string.Equals(known.Code, result.VisitorCode, StringComparison.Ordinal)
            ? known
            : cache.Keep(userId, key, result.VisitorCode, removals);
        user.Note(code, isOwn: result.Outcome != VisitorLinkOutcome.Foreign);
        if (result.Outcome != VisitorLinkOutcome.Foreign)
        {
            if (user.Code is { } own && !string.Equals(own, code, StringComparison.Ordinal))
            {
                await merge.CarryAsync(code, own);
            }

            mapping.Tell(code, user);
            mapping.Tell(user.Code ?? code, user);
        }

        return (user, result.Outcome);
    }

    private async ValueTask<VisitorLinkResult> WriteAsync(string key, string code, bool isAwaited, CancellationToken cancellation)
    {
        try
        {
            var result = await RunAsync(
                async (store, token) =>
                {
                    var linked = await store.LinkAsync(key, code, clock.GetUtcNow(), token);
                    RequireCode(linked.VisitorCode);
                    return linked;
                },
                cancellation,
                isAwaited);
            if (result.Outcome is VisitorLinkOutcome.Linked or VisitorLinkOutcome.Merged && _refused.Clear())
            {
                logger.LinksRecovered();
            }

            return result;
        }
        catch (VisitorLinksUnavailableException e) when (e.InnerException is StoreRefusalException refusal)
        {
            if (_refused.Add(key, refusal.Message))
            {
                logger.LinksUnwritten(refusal.InnerException!);
            }

            throw;
        }
    }

    private async ValueTask<LinkedUser> AskAsync(string userId, CancellationToken cancellation)
    {
        var key = keys.Of(userId);
        var removals = cache.Removals;
        var code = await RunAsync(
            async (store, token) =>
            {
                var found = await store.FindAsync(key, token);
                RequireCode(found);
                return found;
            },
            cancellation);
        return cache.Keep(userId, key, code, removals);
    }

    // Whatever wrote it: in a header or a page it would break more than this person's decisions.
    private static void RequireCode(string? code)
    {
        if (code is not null && !VisitorCode.IsValidInCookie(code))
        {
            throw new FormatException("The store has something as a visitor code that is none.");
        }
    }

    private async ValueTask<T> RunAsync<T>(
        Func<IVisitorLinkStore, CancellationToken, ValueTask<T>> call,
        CancellationToken cancellation,
        bool isAwaited = true,
        StorePatience? patience = null)
    {
        patience ??= _patience;
        var links = store ?? throw new InvalidOperationException(
            "There is no store of visitor links. Call AddSqliteStore or AddPostgreSqlStore of the package "
            + "Kameleoon.Hybrid.EntityFrameworkCore on what AddKameleoonHybrid returned.");
        try
        {
            var result = isAwaited
                ? await patience.AskAsync(token => call(links, token), cancellation)
                : await patience.AskLaterAsync(token => call(links, token), cancellation);
            await GoOnAsync();
            return result;
        }
        catch (StoreRefusalException e)
        {
            await GoOnAsync();
            if (Interlocked.Exchange(ref _refusalLogged, 1) == 0)
            {
                logger.LinkStoreRefuses(e.InnerException!);
            }

            throw new VisitorLinksUnavailableException($"The store of visitor links refuses this. {e.Message}", e);
        }
#pragma warning disable CA1031 // What a database client throws is its own affair; who asked wants to know one thing.
        catch (Exception e) when (!cancellation.IsCancellationRequested)
#pragma warning restore CA1031
        {
            var problem = e is BrokenCircuitException { InnerException: { } cause } ? cause.Message : ErrorText.Of(e);
            if (Interlocked.Exchange(ref _problem, problem) is null)
            {
                logger.LinksUnavailable(e);
            }

            throw new VisitorLinksUnavailableException($"The store of visitor links cannot be reached. {problem}", e);
        }
    }

    private async ValueTask GoOnAsync()
    {
        if (Interlocked.Exchange(ref _problem, null) is not null)
        {
            logger.LinksRecovered();
            await _patience.GoOnAsync();
        }
    }
}
