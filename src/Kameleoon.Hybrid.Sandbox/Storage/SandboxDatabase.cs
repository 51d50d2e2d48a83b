using Microsoft.Data.Sqlite;

namespace Kameleoon.Hybrid.Sandbox;

/// <summary>The SQLite file with batches of events and settings. The oldest batches are deleted when it is full.
/// </summary>
internal sealed class SandboxDatabase : IDisposable
{
    private const string Schema = """
        PRAGMA locking_mode = EXCLUSIVE;
        PRAGMA auto_vacuum = INCREMENTAL;
        PRAGMA journal_mode = WAL;
        PRAGMA synchronous = NORMAL;
        CREATE TABLE IF NOT EXISTS batches (
            id INTEGER PRIMARY KEY, time INTEGER NOT NULL, query TEXT NOT NULL, tab TEXT, cookie TEXT, agent TEXT, body TEXT NOT NULL);
        CREATE TABLE IF NOT EXISTS settings (key TEXT PRIMARY KEY, value TEXT NOT NULL) WITHOUT ROWID;
        BEGIN EXCLUSIVE; COMMIT;
        """;

    private readonly Lock _gate = new();
    private readonly SqliteConnection _connection;
    private readonly long _limit;

    private SandboxDatabase(SqliteConnection connection, long limit)
    {
        _connection = connection;
        _limit = limit;
        Settings = Read("SELECT key, value FROM settings", row => KeyValuePair.Create(row.GetString(0), row.GetString(1)));
    }

    /// <summary>The settings as they were when the file was opened.</summary>
    internal IReadOnlyList<KeyValuePair<string, string>> Settings { get; }

    internal static SandboxDatabase Open(string path, long limit)
    {
        var folder = Path.GetDirectoryName(path)!;
        if (!Directory.Exists(folder))
        {
            Directory.CreateDirectory(folder);

            // The folder is the sandbox's alone, and nothing in it belongs into version control.
            File.WriteAllText(Path.Combine(folder, ".gitignore"), "*\n");
        }

        var connection = new SqliteConnection(new SqliteConnectionStringBuilder
        {
            DataSource = path,
            Pooling = false,
            DefaultTimeout = 1,
        }.ToString());
        try
        {
            connection.Open();
            using var command = connection.CreateCommand();
            command.CommandText = Schema;
            command.ExecuteNonQuery();
            return new SandboxDatabase(connection, limit);
        }
        catch (SqliteException)
        {
            connection.Dispose();
            throw;
        }
    }

    /// <summary>What was kept, oldest first; null in place of a row that cannot be read.</summary>
    internal IReadOnlyList<StoredBatch?> TakeBatches() =>
        Read("SELECT time, query, tab, cookie, agent, body FROM batches ORDER BY id", row => Batch(row, 0));

    internal void Write(IReadOnlyList<StoreChange> tasks)
    {
        lock (_gate)
        {
            WriteAll(tasks);
            Trim();
        }
    }

    public void Dispose() => _connection.Dispose();

    private void WriteAll(IReadOnlyList<StoreChange> tasks)
    {
        using var transaction = _connection.BeginTransaction();
        using var insert = Command(
            "INSERT INTO batches (time, query, tab, cookie, agent, body) VALUES ($0, $1, $2, $3, $4, $5)", 6);
        using var save = Command("INSERT OR REPLACE INTO settings (key, value) VALUES ($0, $1)", 2);
        using var remove = Command("DELETE FROM settings WHERE key = $0", 1);
        using var clear = Command("DELETE FROM batches", 0);
        foreach (var task in tasks)
        {
            _ = task switch
            {
                { Forgotten: { } codes } => Forget(codes),
                { Batch: { } batch } => Run(
                    insert, batch.Time.UtcTicks, batch.Query, batch.Facts.Tab, batch.Facts.Cookie, batch.Facts.UserAgent, batch.Body),
                { Key: { } key, Value: { } value } => Run(save, key, value),
                { Key: { } key } => Run(remove, key),
                _ => Run(clear),
            };
        }

        transaction.Commit();
    }

    private int Forget(IReadOnlySet<string> codes)
    {
        using var change = Command("UPDATE batches SET body = $1 WHERE id = $0", 2);
        using var remove = Command("DELETE FROM batches WHERE id = $0", 1);
        var changed = 0;
        foreach (var (id, batch) in Read(
            "SELECT id, time, query, tab, cookie, agent, body FROM batches", row => (row.GetInt64(0), Batch(row, 1))))
        {
            var body = batch?.BodyWithout(codes);
            changed += body is { Length: 0 } ? Run(remove, id)
                : body is null || body.Is(batch!.Body) ? 0
                : Run(change, id, body);
        }

        return changed;
    }

    // The oldest tenth goes whenever the file is full. What settings take is not the events' to make room for.
    private void Trim()
    {
        if (Size() <= _limit)
        {
            return;
        }

        Execute("PRAGMA incremental_vacuum");

        // A long value fills pages of its own.
        var settings = Number("""
            SELECT COALESCE(SUM(LENGTH(key) + LENGTH(value) + CASE WHEN LENGTH(value) > 900 THEN 4096 ELSE 20 END), 0)
            FROM (SELECT CAST(key AS BLOB) AS key, CAST(value AS BLOB) AS value FROM settings)
            """);
        while (Size() - settings > _limit && Number("SELECT COUNT(*) FROM batches") is > 0 and var batches)
        {
            Execute($"""
                DELETE FROM batches WHERE id IN (SELECT id FROM batches ORDER BY id LIMIT {(batches / 10) + 1});
                PRAGMA incremental_vacuum;
                """);
        }
    }

    private long Size() => Number("SELECT (SELECT * FROM pragma_page_count) * (SELECT * FROM pragma_page_size)");

    private SqliteCommand Command(string text, int parameters)
    {
        var command = _connection.CreateCommand();
#pragma warning disable CA2100 // The texts are this file's; what people send are parameters.
        command.CommandText = text;
#pragma warning restore CA2100
        for (var i = 0; i < parameters; i++)
        {
            command.Parameters.Add(new SqliteParameter { ParameterName = $"${i}" });
        }

        return command;
    }

    private static int Run(SqliteCommand command, params object?[] values)
    {
        for (var i = 0; i < values.Length; i++)
        {
            command.Parameters[i].Value = values[i] ?? DBNull.Value;
        }

        return command.ExecuteNonQuery();
    }

    private long Number(string text)
    {
        using var command = Command(text, 0);
        return (long)command.ExecuteScalar()!;
    }

    private void Execute(string text)
    {
        using var command = Command(text, 0);
        command.ExecuteNonQuery();
    }

    private List<T> Read<T>(string text, Func<SqliteDataReader, T> convert)
    {
        using var guard = _gate.EnterScope();
        using var command = Command(text, 0);
        using var reader = command.ExecuteReader();
        var rows = new List<T>();
        while (reader.Read())
        {
            rows.Add(convert(reader));
        }

        return rows;
    }

    private static StoredBatch? Batch(SqliteDataReader row, int first)
    {
        try
        {
            return new StoredBatch(
                new DateTimeOffset(row.GetInt64(first), TimeSpan.Zero),
                row.GetString(first + 1),
                new BrowserIdentity(Text(row, first + 2), Text(row, first + 3), Text(row, first + 4)),
                row.GetString(first + 5));
        }
        catch (Exception e) when (e is ArgumentException or InvalidCastException or FormatException)
        {
            return null;
        }
    }

    private static string? Text(SqliteDataReader row, int column) => row.IsDBNull(column) ? null : row.GetString(column);
}
