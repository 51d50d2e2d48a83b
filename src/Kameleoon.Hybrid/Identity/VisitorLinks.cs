namespace Kameleoon.Hybrid;

/// <summary>Finds, writes, exports and deletes the links between users and visitor codes: in the cache first, then in the
/// store, which may be unavailable.</summary>
internal sealed class VisitorLinks(
    UserKeys keys,
    LinkCache cache,
    MappingReport mapping,
    SessionMerge merge,
    LinkStoreAccess access,
    TimeProvider clock,
    KameleoonMetrics metrics)
{
    internal bool IsEnabled => access.IsOn;

    /// <summary>Why the store is unavailable, or null when its last call succeeded.</summary>
    internal string? Problem => access.Problem;

    /// <summary>Whether the store of links has to be repaired.</summary>
    internal bool IsUnusable => access.IsUnusable;

    /// <summary>Returns the cached link of a user, or null.</summary>
    internal LinkedUser? FindCached(string userId) => cache.Find(userId);

    /// <summary>Returns the link of a user, from the cache or from the store.</summary>
    /// <exception cref="VisitorLinksUnavailableException">The store cannot answer.</exception>
    internal ValueTask<LinkedUser> FindAsync(string userId, CancellationToken cancellation = default) =>
        cache.Find(userId) is { } known ? new(known) : AskAsync(userId, cancellation);

    /// <summary>Links a code to a user, unless the user has a code or the code belongs to another user, and reports to the
    /// platform that both are one person.</summary>
    /// <exception cref="VisitorLinksUnavailableException">The store cannot answer.</exception>
    internal ValueTask<(LinkedUser User, VisitorLinkOutcome Outcome)> LinkAsync(
        string userId, string code, CancellationToken cancellation = default) =>
        LinkAsync(userId, code, StoreCaller.Request, cancellation);

    /// <summary>Does the same for a background service. Its failures do not pause the store for requests.</summary>
    /// <exception cref="VisitorLinksUnavailableException">The store cannot answer.</exception>
    internal ValueTask<(LinkedUser User, VisitorLinkOutcome Outcome)> LinkLaterAsync(
        string userId, string code, CancellationToken cancellation) =>
        LinkAsync(userId, code, StoreCaller.Background, cancellation);

    /// <summary>Links a code to a user unless it belongs to another one, and returns whether it is the user's then.</summary>
    /// <exception cref="VisitorLinksUnavailableException">The store cannot answer.</exception>
    internal async ValueTask<bool> TryConfirmOrLinkAsync(string userId, string code, CancellationToken cancellation) =>
        (await FindAsync(userId, cancellation)).OwnerOf(code) switch
        {
            CodeOwner.ThisUser or CodeOwner.ThisUserMerged => true,
            CodeOwner.AnotherUser => false,
            _ => VisitorCode.IsReported(code)
                && (await LinkAsync(userId, code, cancellation)).Outcome != VisitorLinkOutcome.Foreign,
        };

    /// <summary>Returns whether a code is another user's. Writes nothing.</summary>
    /// <exception cref="VisitorLinksUnavailableException">The store cannot answer.</exception>
    internal async ValueTask<bool> IsForeignAsync(string userId, string code, CancellationToken cancellation = default)
    {
        var user = await FindAsync(userId, cancellation);
        await LearnOwnerAsync(user, code, cancellation);
        return user.OwnerOf(code) == CodeOwner.AnotherUser;
    }

    /// <summary>Returns whether a code is a user's. Writes nothing.</summary>
    /// <exception cref="VisitorLinksUnavailableException">The store cannot answer.</exception>
    internal async ValueTask<bool> HasOwnerAsync(string code, CancellationToken cancellation) =>
        await access.RunAsync((store, token) => store.FindOwnerAsync(code, token), cancellation) is not null;

    /// <summary>Asks the store for the owner of a code, unless the user's entry knows it, and notes it there. Writes nothing
    /// to the store.</summary>
    /// <exception cref="VisitorLinksUnavailableException">The store cannot answer.</exception>
    internal async ValueTask LearnOwnerAsync(LinkedUser user, string code, CancellationToken cancellation)
    {
        if (user.OwnerOf(code) != CodeOwner.NotAsked)
        {
            return;
        }

        var owner = await access.RunAsync((store, token) => store.FindOwnerAsync(code, token), cancellation);
        user.Note(code, owner is null ? CodeOwner.NoUser
            : string.Equals(owner, user.Key, StringComparison.Ordinal) ? CodeOwner.ThisUserMerged
            : CodeOwner.AnotherUser);
    }

    /// <summary>Returns a user's code: the existing one, else the proposed one, else a new one if the proposed code belongs to
    /// another user.</summary>
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

    /// <summary>Returns whether the store answers a harmless call, after a write failed. A store that had to be repaired is
    /// asked to write, because a full disk and a read-only file can be read.</summary>
    internal async ValueTask<bool> AnswersAsync(CancellationToken cancellation)
    {
        try
        {
            if (access.IsUnusable)
            {
                await access.RunAsync(WriteNothingAsync, cancellation, writesFor: "");
            }
            else
            {
                await access.RunAsync(static (store, token) => store.FindAsync("", token), cancellation);
            }

            return Problem is null;
        }
        catch (VisitorLinksUnavailableException)
        {
            return false;
        }
    }

    // Links that no user has: user keys and visitor codes are never empty. The first call deletes what a process left that
    // ended in between.
    private static async ValueTask<VisitorLinkResult> WriteNothingAsync(IVisitorLinkStore store, CancellationToken cancellation)
    {
        await store.ForgetAsync("", cancellation);
        var written = await store.LinkAsync("", "", DateTimeOffset.UnixEpoch, cancellation);
        await store.ForgetAsync("", cancellation);
        return written;
    }

    /// <summary>Returns all codes of a user.</summary>
    /// <exception cref="VisitorLinksUnavailableException">The store cannot answer.</exception>
    internal async ValueTask<IEnumerable<string>> FindCodesAsync(string userId, CancellationToken cancellation)
    {
        var key = keys.Of(userId);
        return (await access.RunAsync((store, token) => store.ExportAsync(key, token), cancellation))
            .Select(static link => link.VisitorCode);
    }

    internal ValueTask<IReadOnlyList<VisitorLink>> ExportAsync(string userId, CancellationToken cancellation)
    {
        var key = keys.Of(userId);
        return access.RunAsync((store, token) => store.ExportAsync(key, token), cancellation, StoreCaller.Patient);
    }

    internal async ValueTask<IReadOnlyList<string>> ForgetAsync(string userId, CancellationToken cancellation)
    {
        var key = keys.Of(userId);
        try
        {
            return await access.RunAsync((store, token) => store.ForgetAsync(key, token), cancellation, StoreCaller.Patient);
        }
        finally
        {
            cache.Remove(userId);
        }
    }

    private async ValueTask<(LinkedUser User, VisitorLinkOutcome Outcome)> LinkAsync(
        string userId, string code, StoreCaller caller, CancellationToken cancellation)
    {
        var key = keys.Of(userId);
        var removals = cache.Removals;
        var result = await access.RunAsync(
            async (store, token) =>
            {
                var linked = await store.LinkAsync(key, code, clock.GetUtcNow(), token);
                RequireCode(linked.VisitorCode);
                return linked;
            },
            cancellation,
            caller,
            writesFor: key);
        metrics.VisitorLinked(NameOf(result.Outcome));
        var user = cache.Find(userId) is { } known && string.Equals(known.Code, result.VisitorCode, StringComparison.Ordinal)
            ? known
            : cache.Keep(userId, key, result.VisitorCode, removals);
        user.Note(code, result.Outcome == VisitorLinkOutcome.Foreign ? CodeOwner.AnotherUser : CodeOwner.ThisUserMerged);
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

    private async ValueTask<LinkedUser> AskAsync(string userId, CancellationToken cancellation)
    {
        var key = keys.Of(userId);
        var removals = cache.Removals;
        var code = await access.RunAsync(
            async (store, token) =>
            {
                var found = await store.FindAsync(key, token);
                RequireCode(found);
                return found;
            },
            cancellation);
        return cache.Keep(userId, key, code, removals);
    }

    // An invalid code from the store would break headers and pages.
    private static void RequireCode(string? code)
    {
        if (code is not null && !VisitorCode.IsValidInCookie(code))
        {
            throw new FormatException("The store of visitor links returned an invalid visitor code.");
        }
    }

    private static string NameOf(VisitorLinkOutcome outcome) => outcome switch
    {
        VisitorLinkOutcome.Linked => "linked",
        VisitorLinkOutcome.Known => "known",
        VisitorLinkOutcome.Merged => "merged",
        _ => "foreign",
    };
}
