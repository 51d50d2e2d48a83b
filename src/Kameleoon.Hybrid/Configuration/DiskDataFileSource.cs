using System.Runtime.InteropServices;
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

    private FileStamp _read;

    public bool IsRemote => false;

    public async Task<FetchedDataFile> FetchAsync(DataFileRequest request, CancellationToken cancellationToken)
    {
        _read = Stamp();
        return new(DataFileSource.File, await File.ReadAllBytesAsync(path, cancellationToken));
    }

    public async Task WatchAsync(Action<long?> changed, CancellationToken cancellationToken)
    {
        using var watcher = TryWatch(changed);
        while (true)
        {
            await Task.Delay(Look, clock, cancellationToken);
            if (Stamp() != _read)
            {
                changed(null);
            }
        }
    }

    private FileSystemWatcher? TryWatch(Action<long?> changed)
    {
        var settled = clock.CreateTimer(_ => changed(null), null, Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);
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

    // Of the file at the end of all links: a link has times of its own, and the link of a Kubernetes ConfigMap leads through
    // a link to a folder, which is replaced. The target is part of the stamp, because two files may have equal times.
    private FileStamp Stamp()
    {
        try
        {
            var file = new FileInfo(path);
            file = file.ResolveLinkTarget(returnFinalTarget: true) as FileInfo ?? file;
            return file.Exists ? new(RealFolderOf(file), file.CreationTimeUtc, file.LastWriteTimeUtc, file.Length) : default;
        }
        catch (IOException)
        {
            // A link was removed meanwhile, or leads in a circle. There is no file now.
            return default;
        }
    }

    private static string RealFolderOf(FileInfo file)
    {
        var name = file.FullName;
        for (var folder = file.Directory; folder is not null; folder = folder.Parent)
        {
            if (folder.ResolveLinkTarget(returnFinalTarget: true) is { } target)
            {
                name = target.FullName + name[folder.FullName.Length..];
            }
        }

        return name;
    }

    [StructLayout(LayoutKind.Auto)]
    private readonly record struct FileStamp(string? Path, DateTime Created, DateTime Written, long Length);
}
