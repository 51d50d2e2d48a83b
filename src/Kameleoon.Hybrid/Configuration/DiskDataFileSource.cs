using Microsoft.Extensions.Logging;

namespace Kameleoon.Hybrid;

/// <summary>Reads the data file from disk and watches it.</summary>
internal sealed class DiskDataFileSource(string path, TimeProvider clock, ILogger<DiskDataFileSource> logger)
    : IDataFileSource
{
    // Notifications are missing on network drives, and where the file is a link that is replaced, as in Kubernetes.
    private static readonly TimeSpan Look = TimeSpan.FromSeconds(5);

    // Editors write in several steps, and a file between two steps is incomplete.
    private static readonly TimeSpan EditDuration = TimeSpan.FromMilliseconds(100);

    private (DateTime Written, long Length) _read;

    public bool IsRemote => false;

    public async Task<FetchedDataFile> FetchAsync(
        RefreshRequest request, ConfigurationSnapshot? known, CancellationToken cancellationToken)
    {
        _read = Stamp();
        return new(DataFileSource.File, await File.ReadAllBytesAsync(path, cancellationToken));
    }

    public async Task WatchAsync(RefreshSignal signal, CancellationToken cancellationToken)
    {
        using var watcher = TryWatch(signal);
        while (true)
        {
            await Task.Delay(Look, clock, cancellationToken);
            if (Stamp() != _read)
            {
                signal.Raise();
            }
        }
    }

    private FileSystemWatcher? TryWatch(RefreshSignal signal)
    {
        var settled = clock.CreateTimer(_ => signal.Raise(), null, Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);
        try
        {
            var watcher = new FileSystemWatcher(Path.GetDirectoryName(path)!, Path.GetFileName(path));
            watcher.Changed += (_, _) => settled.Change(EditDuration, Timeout.InfiniteTimeSpan);
            watcher.Created += (_, _) => settled.Change(EditDuration, Timeout.InfiniteTimeSpan);
            watcher.Renamed += (_, _) => settled.Change(EditDuration, Timeout.InfiniteTimeSpan);
            watcher.Disposed += (_, _) => settled.Dispose();
            watcher.EnableRaisingEvents = true;
            return watcher;
        }
        catch (Exception e) when (e is IOException or ArgumentException or PlatformNotSupportedException)
        {
            settled.Dispose();
            logger.FileNotWatched(path, Look, e.Message);
            return null;
        }
    }

    private (DateTime Written, long Length) Stamp()
    {
        var file = new FileInfo(path);
        return file.Exists ? (file.LastWriteTimeUtc, file.Length) : default;
    }
}
