namespace Kameleoon.Hybrid.EntityFrameworkCore.Tests;

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

    public void Dispose()
    {
        if (_folder is not null)
        {
            Microsoft.Data.Sqlite.SqliteConnection.ClearAllPools();
            _folder.Delete(recursive: true);
        }
    }
}
