using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Options;

namespace Kameleoon.Hybrid.EntityFrameworkCore;

/// <summary>Visitor links in a database. Every call is single statements: nothing is locked between two of them.</summary>
internal sealed class VisitorLinkStore(KameleoonDatabase database, IOptions<KameleoonOptions> options) : IVisitorLinkStore
{
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
        if (await TryInsertAsync(context, userKey, visitorCode, now, mergedInto: null, cancellationToken))
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

        if (await TryInsertAsync(context, userKey, visitorCode, now, own, cancellationToken))
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

        // What is linked between the two statements is neither deleted nor named.
        var codes = await RowsOf(context, userKey).Select(row => row.VisitorCode).ToListAsync(cancellationToken);
        await RowsOf(context, userKey).Where(row => codes.Contains(row.VisitorCode)).ExecuteDeleteAsync(cancellationToken);
        await context.IdempotencyKeys.Where(row => row.SiteCode == _site && codes.Contains(row.Caller))
            .ExecuteDeleteAsync(cancellationToken);
        await context.VisitorSessions.Where(row => row.SiteCode == _site && codes.Contains(row.VisitorCode))
            .ExecuteDeleteAsync(cancellationToken);
        return codes;
    }

    private IQueryable<VisitorLinkRow> RowsOf(KameleoonDbContext context, string userKey) =>
        context.VisitorLinks.Where(row => row.SiteCode == _site && row.UserKey == userKey);

    private async Task<bool> TryInsertAsync(
        KameleoonDbContext context, string userKey, string visitorCode, DateTimeOffset now, string? mergedInto,
        CancellationToken cancellation) =>
        await context.Database.ExecuteSqlAsync(
            $"""
            INSERT INTO kameleoon_visitor_links (site_code, visitor_code, user_key, linked_at, merged_into)
            VALUES ({_site}, {visitorCode}, {userKey}, {now.ToUnixTimeMilliseconds()}, {mergedInto})
            ON CONFLICT DO NOTHING
            """,
            cancellation) == 1;
}
