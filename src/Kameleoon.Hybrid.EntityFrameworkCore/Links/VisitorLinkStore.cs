using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Options;

namespace Kameleoon.Hybrid.EntityFrameworkCore;

/// <summary>Stores visitor links in a database.</summary>
/// <remarks>
/// Each call runs single statements, without a lock between them. Only deleting a person uses a transaction.
/// </remarks>
internal sealed class VisitorLinkStore(
    KameleoonDatabase database, StoreProvider provider, IOptions<KameleoonOptions> options) : IVisitorLinkStore
{
    // The codes of one person besides their own; a browser that loses its cookie daily for years stays far below.
    internal const int MaxMerged = 1000;

    private const int ForgetTimeoutSeconds = 30;

    // Compiled for each store, because a compiled query belongs to the model of the first database it runs on.
    private readonly Func<KameleoonDbContext, string, string, CancellationToken, Task<string?>> _codeOf =
        EF.CompileAsyncQuery((KameleoonDbContext context, string site, string user, CancellationToken _) => context.VisitorLinks
            .Where(row => row.SiteCode == site && row.UserKey == user && row.MergedInto == null)
            .Select(row => row.VisitorCode)
            .FirstOrDefault());

    private readonly Func<KameleoonDbContext, string, string, CancellationToken, Task<string?>> _ownerOf =
        EF.CompileAsyncQuery((KameleoonDbContext context, string site, string code, CancellationToken _) => context.VisitorLinks
            .Where(row => row.SiteCode == site && row.VisitorCode == code)
            .Select(row => row.UserKey)
            .FirstOrDefault());

    private readonly string _site = options.Value.SiteCode;

    public async ValueTask<string?> FindAsync(string userKey, CancellationToken cancellationToken)
    {
        await using var context = await database.OpenAsync(cancellationToken);
        return await _codeOf(context, _site, userKey, cancellationToken);
    }

    public async ValueTask<string?> FindOwnerAsync(string visitorCode, CancellationToken cancellationToken)
    {
        await using var context = await database.OpenAsync(cancellationToken);
        return await _ownerOf(context, _site, visitorCode, cancellationToken);
    }

    public async ValueTask<VisitorLinkResult> LinkAsync(
        string userKey, string visitorCode, DateTimeOffset now, CancellationToken cancellationToken)
    {
        await using var context = await database.OpenAsync(cancellationToken);
        if (await TryLinkAsync(context, userKey, visitorCode, now, cancellationToken))
        {
            return new(visitorCode, VisitorLinkOutcome.Linked);
        }

        // One of the two unique keys exists already.
        if (await _codeOf(context, _site, userKey, cancellationToken) is not { } own)
        {
            return new(null, VisitorLinkOutcome.Foreign);
        }

        if (string.Equals(own, visitorCode, StringComparison.Ordinal))
        {
            return new(own, VisitorLinkOutcome.Known);
        }

        if (await TryMergeAsync(context, userKey, visitorCode, now, own, cancellationToken))
        {
            return new(own, VisitorLinkOutcome.Merged);
        }

        var owner = await _ownerOf(context, _site, visitorCode, cancellationToken);
        return new(own, string.Equals(owner, userKey, StringComparison.Ordinal)
            ? VisitorLinkOutcome.Known
            : VisitorLinkOutcome.Foreign);
    }

    public async ValueTask<IReadOnlyList<VisitorLink>> ExportAsync(string userKey, CancellationToken cancellationToken)
    {
        await using var context = await database.OpenAsync(cancellationToken);
        var rows = await RowsOf(context, userKey).AsNoTracking()
            .OrderBy(row => row.MergedInto != null).ThenBy(row => row.LinkedAt)
            .ToListAsync(cancellationToken);
        return [.. rows.Select(row => new VisitorLink(
            row.VisitorCode, DateTimeOffset.FromUnixTimeMilliseconds(row.LinkedAt), row.MergedInto))];
    }

    public async ValueTask<IReadOnlyList<string>> ForgetAsync(string userKey, CancellationToken cancellationToken)
    {
        await using var context = await database.OpenAsync(cancellationToken);
        context.Database.SetCommandTimeout(ForgetTimeoutSeconds);
        await using var transaction = await context.Database.BeginTransactionAsync(cancellationToken);

        // Two deletions of one person would lock the rows in different orders, which PostgreSQL ends as a deadlock.
        await provider.WaitForOthersAsync(context, _site + " " + userKey, cancellationToken);

        // Once the person's own code is deleted, no other code can be merged into it. The second statement then also
        // deletes codes that were merged at the same time.
        List<string> codes =
        [
            .. await DeleteAsync(context, userKey, "AND merged_into IS NULL", cancellationToken),
            .. await DeleteAsync(context, userKey, "", cancellationToken),
        ];
        await context.IdempotencyKeys.Where(row => row.SiteCode == _site && codes.Contains(row.Caller))
            .ExecuteDeleteAsync(cancellationToken);

        // The user key can be the mapping identifier, which has a session of its own.
        List<string> sessions = [.. codes, userKey];
        await context.VisitorSessions.Where(row => row.SiteCode == _site && sessions.Contains(row.VisitorCode))
            .ExecuteDeleteAsync(cancellationToken);

        // Not cancellable: after the commit, the deleted codes cannot be read again.
        await transaction.CommitAsync(CancellationToken.None);
        return codes;
    }

    private IQueryable<VisitorLinkRow> RowsOf(KameleoonDbContext context, string userKey) =>
        context.VisitorLinks.Where(row => row.SiteCode == _site && row.UserKey == userKey);

    private Task<List<string>> DeleteAsync(
        KameleoonDbContext context, string userKey, string filter, CancellationToken cancellation)
    {
        var sql = $$"""
            DELETE FROM kameleoon_visitor_links WHERE site_code = {0} AND user_key = {1} {{filter}} RETURNING visitor_code
            """;
        return context.Database.SqlQueryRaw<string>(sql, _site, userKey).ToListAsync(cancellation);
    }

    private async Task<bool> TryLinkAsync(
        KameleoonDbContext context, string userKey, string visitorCode, DateTimeOffset now, CancellationToken cancellation) =>
        await context.Database.ExecuteSqlAsync(
            $"""
            INSERT INTO kameleoon_visitor_links (site_code, visitor_code, user_key, linked_at, merged_into)
            VALUES ({_site}, {visitorCode}, {userKey}, {now.ToUnixTimeMilliseconds()}, NULL)
            ON CONFLICT DO NOTHING
            """,
            cancellation) == 1;

    // Merges only into an existing code, which the statement locks against deletion.
    private async Task<bool> TryMergeAsync(
        KameleoonDbContext context, string userKey, string visitorCode, DateTimeOffset now, string own,
        CancellationToken cancellation)
    {
        var sql = $$"""
            INSERT INTO kameleoon_visitor_links (site_code, visitor_code, user_key, linked_at, merged_into)
            SELECT own.site_code, {2}, own.user_key, {3}, own.visitor_code FROM kameleoon_visitor_links own
            WHERE own.site_code = {0} AND own.visitor_code = {4} AND own.user_key = {1} AND {5} >= (
                SELECT count(*) FROM kameleoon_visitor_links one WHERE one.site_code = {0} AND one.user_key = {1})
            {{provider.ShareLock}}
            ON CONFLICT DO NOTHING
            """;
        object[] values = [_site, userKey, visitorCode, now.ToUnixTimeMilliseconds(), own, MaxMerged];
        return await context.Database.ExecuteSqlRawAsync(sql, values, cancellation) == 1;
    }
}
