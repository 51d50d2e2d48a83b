using System.Data.Common;
using System.Globalization;
using Microsoft.Data.Sqlite;
using Npgsql;

namespace Kameleoon.Hybrid.TestKit;

/// <summary>An empty database of one kind.</summary>
internal sealed class Store : IDisposable
{
    private readonly DirectoryInfo? _folder;

    private Store(string connection, DirectoryInfo? folder) => (Connection, _folder) = (connection, folder);

    internal string Connection { get; }

    internal string? Folder => _folder?.FullName;

    internal bool IsSqlite => _folder is not null;

    internal static async Task<Store> CreateAsync(string kind, PostgreSqlServer postgres)
    {
        if (kind == "PostgreSQL")
        {
            return new(await postgres.CreateDatabaseAsync(), null);
        }

        var folder = Directory.CreateTempSubdirectory("kameleoon-sqlite");
        return new($"Data Source={Path.Combine(folder.FullName, "links.db")}", folder);
    }

    internal IKameleoonBuilder AddTo(IKameleoonBuilder kameleoon) =>
        IsSqlite ? kameleoon.AddSqliteStore(Connection) : kameleoon.AddPostgreSqlStore(Connection);

    /// <summary>Runs a statement of a test's own.</summary>
    /// <returns>The number it gives, else 0.</returns>
    internal async Task<long> ExecuteAsync(string sql)
    {
        await using DbConnection connection = IsSqlite ? new SqliteConnection(Connection) : new NpgsqlConnection(Connection);
        await connection.OpenAsync();
        await using var command = connection.CreateCommand();
#pragma warning disable CA2100 // The test's own words.
        command.CommandText = sql;
#pragma warning restore CA2100
        return Convert.ToInt64(await command.ExecuteScalarAsync() ?? 0, CultureInfo.InvariantCulture);
    }

    public void Dispose()
    {
        if (_folder is not null)
        {
            SqliteConnection.ClearAllPools();
            _folder.Delete(recursive: true);
        }
    }
}
