using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Options;

namespace Kameleoon.Hybrid.EntityFrameworkCore;

/// <summary>Visitor links in a database. Every call is single statements: nothing is locked between two of them, but while a
/// person is forgotten.</summary>
internal sealed class VisitorLinkStore(KameleoonDatabase database, IOptions<KameleoonOptions> options) : IVisitorLinkStore
{
    // Of one person beside their own code: a browser that loses its cookie every day for years is far below.
    internal const int MaxMerged = 1000;

    private const int ForgetTimeoutSeconds = 30;

    // One of each store: a compiled query belongs to the model, and so to the database, that it first met.
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

        // One of the two unique keys was there first.
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

        // Without the own code nothing is merged any more, and what was being merged is there for the second statement.
        List<string> codes =
        [
            .. await DeleteAsync(context, userKey, "AND merged_into IS NULL", cancellationToken),
            .. await DeleteAsync(context, userKey, "", cancellationToken),
        ];
        await context.IdempotencyKeys.Where(row => row.SiteCode == _site && codes.Contains(row.Caller))
            .ExecuteDeleteAsync(cancellationToken);

        // The key can be the custom data that identifies the person, which has a session of its own.
        List<string> sessions = [.. codes, userKey];
        await context.VisitorSessions.Where(row => row.SiteCode == _site && sessions.Contains(row.VisitorCode))
            .ExecuteDeleteAsync(cancellationToken);
        // Who gave up now would not learn the codes, and nobody could any more.
        await transaction.CommitAsync(CancellationToken.None);
        return codes;
    }

    private IQueryable<VisitorLinkRow> RowsOf(KameleoonDbContext context, string userKey) =>
        context.VisitorLinks.Where(row => row.SiteCode == _site && row.UserKey == userKey);

    private Task<List<string>> DeleteAsync(
        KameleoonDbContext context, string userKey, string which, CancellationToken cancellation)
    {
        var sql = $$"""
            DELETE FROM kameleoon_visitor_links WHERE site_code = {0} AND user_key = {1} {{which}} RETURNING visitor_code
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

    // Only into a code that is there, and stays until the statement is done.
    private async Task<bool> TryMergeAsync(
        KameleoonDbContext context, string userKey, string visitorCode, DateTimeOffset now, string own,
        CancellationToken cancellation)
    {
        var sql = $$"""
            INSERT INTO kameleoon_visitor_links (site_code, visitor_code, user_key, linked_at, merged_into)
            SELECT own.site_code, {2}, own.user_key, {3}, own.visitor_code FROM kameleoon_visitor_links own
            WHERE own.site_code = {0} AND own.visitor_code = {4} AND own.user_key = {1} AND {5} >= (
                SELECT count(*) FROM kameleoon_visitor_links one WHERE one.site_code = {0} AND one.user_key = {1})
            {{(context.Database.IsSqlite() ? "" : "FOR SHARE")}}
            ON CONFLICT DO NOTHING
            """;
        object[] values = [_site, userKey, visitorCode, now.ToUnixTimeMilliseconds(), own, MaxMerged];
        return await context.Database.ExecuteSqlRawAsync(sql, values, cancellation) == 1;
    }
}
