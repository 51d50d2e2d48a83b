using Kameleoon.Hybrid.Decisions;
using Microsoft.Extensions.Logging;

namespace Kameleoon.Hybrid;

/// <summary>Reads and writes the copy of the data file that servers share.</summary>
internal sealed class FarmCopy(
    FarmStore store, KameleoonMetrics metrics, VariableMismatches mismatches, ILogger<FarmCopy> logger)
{
    private string? _stored;
    private string? _unreadable;

    /// <summary>Reads the copy.</summary>
    /// <param name="known">The data file in force, or null.</param>
    /// <param name="cancellation">Cancels the read.</param>
    internal async Task<FarmReading> ReadAsync(ConfigurationSnapshot? known, CancellationToken cancellation)
    {
        var reply = await store.ReadAsync(known?.Version, cancellation);
        cancellation.ThrowIfCancellationRequested();
        if (!reply.IsDone)
        {
            return new(FarmReadingState.Unavailable);
        }

        if (reply.Answer is not { } kept)
        {
            return new(FarmReadingState.Missing);
        }

        _stored = kept.Version;
        return known is not null && string.Equals(kept.Version, known.Version, StringComparison.Ordinal)
            ? new(FarmReadingState.Unchanged, known with { LastModified = kept.LastModified }, null, kept.ConfirmedAt)
            : Unpack(kept);
    }

    /// <summary>Whether the store has another copy that may be put in force.</summary>
    /// <param name="known">The data file in force, or null.</param>
    /// <param name="confirmedAt">When it was confirmed last.</param>
    /// <param name="cancellation">Cancels the read.</param>
    internal async Task<bool> DiffersAsync(
        ConfigurationSnapshot? known, DateTimeOffset confirmedAt, CancellationToken cancellation)
    {
        var reply = await store.ReadAsync(known?.Version, cancellation);
        return reply.Answer is { } kept
            && !string.Equals(kept.Version, known?.Version, StringComparison.Ordinal)
            && !string.Equals(kept.Version, _unreadable, StringComparison.Ordinal)
            && kept.ConfirmedAt > confirmedAt
            && !(kept.ModifiedAt < known?.DataFile.DateModified);
    }

    /// <summary>Stores what the platform answered, or that the stored copy is still current.</summary>
    /// <param name="snapshot">What is in force.</param>
    /// <param name="json">Its document, if it came with the answer.</param>
    /// <param name="at">When the platform was asked.</param>
    /// <param name="cancellation">Cancels the call.</param>
    /// <returns>False when the document is needed, because the store has no such copy.</returns>
    internal async Task<bool> KeepAsync(
        ConfigurationSnapshot snapshot, ReadOnlyMemory<byte>? json, DateTimeOffset at, CancellationToken cancellation)
    {
        var kept = new KeptDataFile(snapshot.Version, null, snapshot.LastModified, snapshot.DataFile.DateModified, at);
        if (json is null || string.Equals(_stored, snapshot.Version, StringComparison.Ordinal))
        {
            var reply = await store.ConfirmAsync(kept, cancellation);
            if (!reply.IsDone || reply.Answer)
            {
                return true;
            }

            _stored = null;
        }

        if (json is not { } document)
        {
            return false;
        }

        var written = await store.WriteAsync(kept with { Content = PackedDataFile.Pack(store.Key, document) }, cancellation);
        if (written is { IsDone: true, Answer: true })
        {
            _stored = snapshot.Version;
            metrics.LastGoodCopy(store.Key.SiteCode, "shared");
        }

        return true;
    }

    /// <exception cref="DataFileException">The document is no data file.</exception>
    internal ConfigurationSnapshot Parse(FetchedDataFile fetched) => ConfigurationSnapshot.Of(fetched, mismatches.Report);

    private FarmReading Unpack(KeptDataFile kept)
    {
        try
        {
            var json = PackedDataFile.Unpack(store.Key, kept.Content ?? default(ReadOnlyMemory<byte>));
            var snapshot = Parse(new(DataFileSource.Farm, json, kept.LastModified));
            return string.Equals(snapshot.Version, kept.Version, StringComparison.Ordinal)
                ? new(FarmReadingState.Found, snapshot, json, kept.ConfirmedAt)
                : throw new InvalidDataException("The copy in the shared store is damaged.");
        }
        catch (Exception e) when (e is InvalidDataException or DataFileException)
        {
            _stored = null;
            metrics.LastGoodCopy(store.Key.SiteCode, "unreadable", ErrorType.Of(e));
            if (!string.Equals(Interlocked.Exchange(ref _unreadable, kept.Version), kept.Version, StringComparison.Ordinal))
            {
                logger.LastGoodCopyUnreadable(store.Key.SiteCode, e.Message);
            }

            return new(FarmReadingState.Unusable);
        }
    }
}
