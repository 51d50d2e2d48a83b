using System.Threading.Channels;
using Microsoft.Data.Sqlite;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;

namespace Kameleoon.Hybrid.Sandbox;

/// <summary>Stores events and settings in a SQLite file. One background task writes, so no request waits for the
/// disk.</summary>
/// <remarks>A store that cannot be opened, or that another process holds, is a warning: the sandbox then forgets when it
/// stops.</remarks>
internal sealed class SandboxStore : IAsyncDisposable, IDisposable
{
    // Above this the disk cannot follow; events beyond it are counted and shown, but not kept.
    private const int MaxWaiting = 50_000;

#pragma warning disable CA2213 // The writing task closes it, after the last change.
    private readonly SandboxDatabase? _database;
#pragma warning restore CA2213
    private readonly Channel<StoreChange> _waiting = Channel.CreateUnbounded<StoreChange>();

    private readonly ILogger<SandboxStore> _logger;
    private readonly Task _writing;
    private int _dropped;

    public SandboxStore(
        IOptions<KameleoonSandboxOptions> options, IHostEnvironment environment, ILogger<SandboxStore> logger)
    {
        _logger = logger;
        var settings = options.Value;
        if (settings.Storage.Length > 0 && settings.IsEnabledIn(environment))
        {
            Path = System.IO.Path.GetFullPath(settings.Storage, environment.ContentRootPath);
            _database = TryOpen(Path, settings.StorageLimit);
        }

        _writing = _database is { } database ? Task.Run(() => WriteAsync(database)) : Task.CompletedTask;
    }

    /// <summary>The file, or null when nothing is kept.</summary>
    internal string? Path { get; private set; }

    internal IEnumerable<KeyValuePair<string, string>> ReadSettings() => _database?.Settings ?? [];

    /// <summary>What an earlier run kept, oldest first; read once, at the start.</summary>
    internal IReadOnlyList<StoredBatch> TakeBatches()
    {
        try
        {
            var batches = _database?.TakeBatches() ?? [];
            var sound = batches.OfType<StoredBatch>().ToList();
            ReportDamaged(batches.Count - sound.Count);
            return sound;
        }
        catch (SqliteException e)
        {
            _logger.StoreUnreadable(e, Path!);
            return [];
        }
    }

    /// <summary>Says that entries of the file cannot be read; the others count.</summary>
    internal void ReportDamaged(int entries)
    {
        if (entries > 0)
        {
            _logger.StoreDamaged(entries, Path!);
        }
    }

    internal void Append(StoredBatch batch)
    {
        if (_database is null)
        {
            return;
        }

        if (_waiting.Reader.Count < MaxWaiting)
        {
            _waiting.Writer.TryWrite(new StoreChange(batch));
        }
        else if (Interlocked.Increment(ref _dropped) == 1)
        {
            _logger.StoreTooSlow(MaxWaiting);
        }
    }

    internal void Save(string key, string? value)
    {
        if (_database is not null)
        {
            _waiting.Writer.TryWrite(new StoreChange(Key: key, Value: value));
        }
    }

    /// <summary>Forgets the events.</summary>
    internal void ClearBatches()
    {
        if (_database is not null)
        {
            _waiting.Writer.TryWrite(new StoreChange(Clear: true));
        }
    }

    /// <summary>Forgets the events of some visitors.</summary>
    internal void DeleteVisitors(IReadOnlySet<string> codes)
    {
        if (_database is not null)
        {
            _waiting.Writer.TryWrite(new StoreChange(Forgotten: codes));
        }
    }

    public async ValueTask DisposeAsync()
    {
        _waiting.Writer.TryComplete();
        await _writing;
    }

    /// <summary>Lets the rest be written, without waiting for it.</summary>
    public void Dispose() => _waiting.Writer.TryComplete();

    private SandboxDatabase? TryOpen(string path, int megabytes)
    {
        try
        {
            return SandboxDatabase.Open(path, megabytes * 1024L * 1024L);
        }
        catch (Exception e) when (e is SqliteException or IOException or UnauthorizedAccessException)
        {
            _logger.StoreUnavailable(e, path);
            Path = null;
            return null;
        }
    }

    private async Task WriteAsync(SandboxDatabase database)
    {
        using var opened = database;
        var tasks = new List<StoreChange>();
        while (await _waiting.Reader.WaitToReadAsync())
        {
            tasks.Clear();
            while (tasks.Count < MaxWaiting && _waiting.Reader.TryRead(out var task))
            {
                tasks.Add(task);
            }

            try
            {
                database.Write(tasks);
            }
            catch (SqliteException e)
            {
                _logger.StoreFailed(e, tasks.Count);
            }
        }
    }
}

/// <summary>One change to write: a batch, a setting, or a deletion.</summary>
internal readonly record struct StoreChange(
    StoredBatch? Batch = null,
    string? Key = null,
    string? Value = null,
    IReadOnlySet<string>? Forgotten = null,
    bool Clear = false);
