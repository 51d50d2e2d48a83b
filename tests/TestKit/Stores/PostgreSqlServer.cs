using System.Diagnostics;
using System.Globalization;
using Npgsql;

namespace Kameleoon.Hybrid.TestKit;

/// <summary>A real PostgreSQL of its own, in a folder that is deleted afterwards, on a port that nobody else has.</summary>
public sealed class PostgreSqlServer : IAsyncLifetime
{
    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("kameleoon-pg");
    private readonly int _port = LoopbackPort.Free();
    private int _databases;

    // PostgreSQL refuses to run as root.
    private static bool IsRoot => Environment.UserName is "root";

    private string Data => Path.Combine(_folder.FullName, "data");

    /// <summary>The connection string of a new, empty database.</summary>
    public async Task<string> CreateDatabaseAsync()
    {
        var name = string.Create(CultureInfo.InvariantCulture, $"test_{Interlocked.Increment(ref _databases)}");
        await using var connection = new NpgsqlConnection(
            $"Host=127.0.0.1;Port={Port};Username=postgres;Database=postgres;Pooling=false;Timeout=60");
        await connection.OpenAsync();
        await using var create = connection.CreateCommand();
#pragma warning disable CA2100 // The test's own words.
        create.CommandText = "CREATE DATABASE " + name;
#pragma warning restore CA2100
        await create.ExecuteNonQueryAsync();
        return $"Host=127.0.0.1;Port={Port};Username=postgres;Database={name};Maximum Pool Size=20;Timeout=5";
    }

    public async Task InitializeAsync()
    {
        if (IsRoot)
        {
            await ExecuteAsync("chown", "-R", "postgres", _folder.FullName);
        }

        await RunAsync("initdb", "-D", Data, "-U", "postgres", "--auth=trust", "--no-sync", "--encoding=UTF8");
        await StartAsync();
    }

    /// <summary>Starts the server.</summary>
    /// <remarks>It does not wait for the disk: what it wrote survives the end of its processes, which tests cause, and need
    /// not survive the end of the machine. Its databases are too small to be cleaned up.</remarks>
    public async Task StartAsync() => await RunAsync(
        "pg_ctl", "-D", Data, "-w", "-t", "60", "-l", Path.Combine(_folder.FullName, "log"),
        "-o", $"-p {Port} -k {_folder.FullName} -c listen_addresses=127.0.0.1 -c max_connections=100 -c fsync=off -c autovacuum=off", "start");

    public Task StopAsync() => RunAsync("pg_ctl", "-D", Data, "-w", "-m", "fast", "stop");

    /// <summary>Ends every process of it without a word, as a power failure would.</summary>
    public async Task KillAsync()
    {
        var postmaster = (await File.ReadAllLinesAsync(Path.Combine(Data, "postmaster.pid")))[0];
        var backends = Directory.GetDirectories("/proc").Select(Path.GetFileName)
            .Where(id => int.TryParse(id, NumberStyles.None, CultureInfo.InvariantCulture, out _) && ParentOf(id!) == postmaster);
        await ExecuteAsync("kill", ["-9", postmaster, .. backends.OfType<string>()]);
        await Eventually.IsTrueAsync(() => !Directory.Exists("/proc/" + postmaster));
    }

    public async Task DisposeAsync()
    {
        if (File.Exists(Path.Combine(Data, "postmaster.pid")))
        {
            await RunAsync("pg_ctl", "-D", Data, "-w", "-m", "immediate", "stop");
        }

        _folder.Delete(recursive: true);
    }

    private string Port => _port.ToString(CultureInfo.InvariantCulture);

    private static string? ParentOf(string id)
    {
        try
        {
            return File.ReadAllText($"/proc/{id}/stat").Split(' ') is [_, _, _, var parent, ..] ? parent : null;
        }
        catch (IOException)
        {
            return null;
        }
    }

    private static Task RunAsync(string program, params string[] arguments)
    {
        var path = File.Exists("/usr/local/bin/" + program) || File.Exists("/usr/bin/" + program)
            ? program
            : Directory.GetFiles("/usr/lib/postgresql", program, SearchOption.AllDirectories)[0];
        return IsRoot
            ? ExecuteAsync("runuser", ["-u", "postgres", "--", path, .. arguments])
            : ExecuteAsync(path, arguments);
    }

    private static async Task ExecuteAsync(string program, params string[] arguments)
    {
        using var process = Process.Start(new ProcessStartInfo(program, arguments)
        {
            WorkingDirectory = "/tmp",
        })!;
        await process.WaitForExitAsync();
        process.ExitCode.ShouldBe(0, $"{program} {string.Join(' ', arguments)}");
    }
}

[CollectionDefinition(nameof(Databases))]
public sealed class Databases : ICollectionFixture<PostgreSqlServer>;
