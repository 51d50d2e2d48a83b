using System.Globalization;
using System.Text.Json;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Options;

namespace Kameleoon.Hybrid.EntityFrameworkCore;

/// <summary>Stores visitor sessions in a database, so that servers share them; each call is one statement.</summary>
internal sealed class VisitorSessionStore(
    KameleoonDatabase database, StoreProvider provider, IOptions<KameleoonOptions> options) : IVisitorSessionStore
{
    internal const int PageSize = 1000;

    private readonly string _site = options.Value.SiteCode;
    private readonly string _node = Guid.NewGuid().ToString("N");
    private readonly long _lifetime = (long)(options.Value.SessionDuration * 1.25).TotalMilliseconds;

    public async ValueTask<IReadOnlyList<VisitorSessionEntry>> FindAsync(
        string visitorCode, CancellationToken cancellationToken)
    {
        await using var context = await database.OpenAsync(cancellationToken);
        var sql = $$"""
            SELECT name, value, {{provider.Now}} - changed_at AS age FROM kameleoon_visitor_sessions
            WHERE site_code = {0} AND visitor_code = {1} AND seen_at > {{provider.Now}} - {2}
            """;
        var found = await context.Database.SqlQueryRaw<FoundValue>(sql, _site, visitorCode, _lifetime).ToListAsync(cancellationToken);
        return [.. found.Select(row => Read(visitorCode, row.Name, row.Value) is { } entry
            ? entry with { Age = TimeSpan.FromMilliseconds(row.Age) }
            : null).OfType<VisitorSessionEntry>()];
    }

    public async ValueTask SaveAsync(IReadOnlyList<VisitorSessionEntry> entries, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(entries);
        await using var context = await database.OpenAsync(cancellationToken);
        var values = new List<object> { _site, _node };
        var rows = new List<string>();
        foreach (var entry in entries)
        {
            rows.Add(string.Create(CultureInfo.InvariantCulture,
                $"({{0}}, {{{values.Count}}}, {{{values.Count + 1}}}, {{{values.Count + 2}}}, {{1}}, {provider.Now}, {provider.Now})"));
            values.AddRange([entry.VisitorCode, entry.Name, Write(entry.Values)]);
        }

        var sql = $"""
            INSERT INTO kameleoon_visitor_sessions (site_code, visitor_code, name, value, node, changed_at, seen_at)
            VALUES {string.Join(", ", rows)}
            ON CONFLICT (site_code, visitor_code, name) DO UPDATE SET
                value = excluded.value, node = excluded.node, changed_at = excluded.changed_at, seen_at = excluded.seen_at
            """;
        await context.Database.ExecuteSqlRawAsync(sql, values, cancellationToken);
    }

    public async ValueTask ProlongAsync(IReadOnlyList<string> visitorCodes, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(visitorCodes);
        await using var context = await database.OpenAsync(cancellationToken);
        var places = string.Join(", ", visitorCodes.Select(
            static (_, place) => string.Create(CultureInfo.InvariantCulture, $"{{{place + 2}}}")));
        var sql = $$"""
            UPDATE kameleoon_visitor_sessions SET seen_at = {{provider.Now}}
            WHERE site_code = {0} AND seen_at > {{provider.Now}} - {1} AND visitor_code IN ({{places}})
            """;
        await context.Database.ExecuteSqlRawAsync(sql, [_site, _lifetime, .. visitorCodes], cancellationToken);
    }

    public async ValueTask<VisitorSessionChanges> ReadChangesAsync(
        TimeSpan within, string? after, CancellationToken cancellationToken)
    {
        await using var context = await database.OpenAsync(cancellationToken);
        var sql = $$"""
            SELECT * FROM kameleoon_visitor_sessions
            WHERE site_code = {0} AND changed_at > {{provider.Now}} - {1} AND node <> {2}
            """;
        List<object> values = [_site, (long)within.TotalMilliseconds, _node];
        if (after?.Split(' ', 3) is [var changed, var name, var code])
        {
            sql += " AND (changed_at, name, visitor_code) > ({3}, {4}, {5})";
            values.AddRange([long.Parse(changed, CultureInfo.InvariantCulture), name, code]);
        }

        sql += string.Create(CultureInfo.InvariantCulture, $" ORDER BY changed_at, name, visitor_code LIMIT {PageSize}");
        var rows = await RowsAsync(context, sql, [.. values], cancellationToken);
        return new(Read(rows), rows.Count < PageSize ? null : PositionOf(rows[^1]));
    }

    public async ValueTask DeleteExpiredAsync(CancellationToken cancellationToken)
    {
        await using var context = await database.OpenAsync(cancellationToken);
        var sql = $$"""
            DELETE FROM kameleoon_visitor_sessions WHERE site_code = {0} AND seen_at <= {{provider.Now}} - {1}
            """;
        await context.Database.ExecuteSqlRawAsync(sql, [_site, _lifetime], cancellationToken);
    }

    private static Task<List<VisitorSessionRow>> RowsAsync(
        KameleoonDbContext context, string sql, object[] values, CancellationToken cancellation) =>
        context.VisitorSessions.FromSqlRaw(sql, values).AsNoTracking().ToListAsync(cancellation);

    // Names contain no spaces; codes may.
    private static string PositionOf(VisitorSessionRow row) =>
        string.Create(CultureInfo.InvariantCulture, $"{row.ChangedAt} {row.Name} {row.VisitorCode}");

    private static IReadOnlyList<VisitorSessionEntry> Read(IEnumerable<VisitorSessionRow> rows) =>
        [.. rows.Select(row => Read(row.VisitorCode, row.Name, row.Value)).OfType<VisitorSessionEntry>()];

    private static string Write(IReadOnlyList<string> values) => JsonSerializer.Serialize(values, SessionJson.Default.IReadOnlyListString);

    // A value that is no array of strings was not written by this library and is ignored.
    private static VisitorSessionEntry? Read(string visitorCode, string name, string value)
    {
        try
        {
            return JsonSerializer.Deserialize(value, SessionJson.Default.StringArray) is { } values && values.All(text => text is not null)
                ? new(visitorCode, name, values!)
                : null;
        }
        catch (JsonException)
        {
            return null;
        }
    }

    /// <summary>A value of a visitor's session.</summary>
    /// <param name="Name">The name of the datum.</param>
    /// <param name="Value">A JSON array of strings.</param>
    /// <param name="Age">The milliseconds since the value was written, by the database's clock.</param>
    private sealed record FoundValue(string Name, string Value, long Age);
}
