using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using Microsoft.Extensions.Options;

namespace Kameleoon.Hybrid;

/// <summary>Keeps the last good data file on disk: one line of our own, then the document byte for byte.</summary>
/// <remarks>The file's time of change is when the document was last confirmed. Several processes may share it: each
/// replaces it whole.</remarks>
internal sealed class LastGoodCopyFile
{
    private const string Format = "kameleoon-data-file 1";
    private const int MaxHeaderBytes = 512;

    private readonly string _name;
    private readonly Lazy<string> _folder;

    public LastGoodCopyFile(IOptions<KameleoonOptions> options, PlatformEndpoints endpoints)
    {
        _name = $"{options.Value.SiteCode}-{FarmStore.AddressOf(endpoints)}.copy";
        _folder = new(
            () => LastGoodCopyFolder.Find(options.Value.Configuration.LastGoodCopyFolder),
            LazyThreadSafetyMode.PublicationOnly);
    }

    private string Path => System.IO.Path.Combine(_folder.Value, _name);

    internal async Task<SavedDataFile?> ReadAsync(CancellationToken cancellationToken)
    {
        if (!File.Exists(Path))
        {
            return null;
        }

        var confirmedAt = File.GetLastWriteTimeUtc(Path);
        var bytes = await File.ReadAllBytesAsync(Path, cancellationToken);
        var end = bytes.AsSpan(0, Math.Min(bytes.Length, MaxHeaderBytes)).IndexOf((byte)'\n');
        var parts = end < 0 ? [] : Encoding.ASCII.GetString(bytes, 0, end).Split('\t');
        var json = bytes.AsMemory(end + 1);
        return parts is [Format, var digest, var lastModified]
            && string.Equals(digest, Convert.ToHexStringLower(SHA256.HashData(json.Span)), StringComparison.Ordinal)
            ? new(json, lastModified.Length > 0 ? lastModified : null, new DateTimeOffset(confirmedAt, TimeSpan.Zero))
            : throw new InvalidDataException($"{Path} is damaged.");
    }

    internal async Task WriteAsync(SavedDataFile dataFile, CancellationToken cancellationToken)
    {
        // A process overwrites what an earlier one of its number left behind in the middle of writing.
        var draft = string.Create(CultureInfo.InvariantCulture, $"{Path}.{Environment.ProcessId}.tmp");
        var digest = Convert.ToHexStringLower(SHA256.HashData(dataFile.Json.Span));
        var head = Encoding.ASCII.GetBytes($"{Format}\t{digest}\t{dataFile.LastModified}\n");
        using (var file = File.OpenHandle(draft, FileMode.Create, FileAccess.Write, options: FileOptions.Asynchronous))
        {
            await RandomAccess.WriteAsync(file, head, 0, cancellationToken);
            await RandomAccess.WriteAsync(file, dataFile.Json, head.Length, cancellationToken);
            RandomAccess.FlushToDisk(file);
        }

        File.SetLastWriteTimeUtc(draft, dataFile.ConfirmedAt.UtcDateTime);
        File.Move(draft, Path, overwrite: true);
    }

    internal Task ConfirmAsync(DateTimeOffset at, CancellationToken cancellationToken)
    {
        File.SetLastWriteTimeUtc(Path, at.UtcDateTime);
        return Task.CompletedTask;
    }
}
