using Kameleoon.Hybrid.Decisions;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;

namespace Kameleoon.Hybrid;

/// <summary>The data file of this server: from its source, or where servers share a store, from the one among them that fetches
/// it.</summary>
/// <remarks>A data file that is older than the one in force is never put in its place.</remarks>
internal sealed class FarmDataFileSource(
    IDataFileSource inner,
    FarmStore farm,
    FarmCopy copy,
    FarmLease lease,
    ConfigurationStore store,
    IOptions<KameleoonOptions> options,
    TimeProvider clock,
    ILogger<FarmDataFileSource> logger)
{
    // Clocks of servers and of the store differ.
    private static readonly TimeSpan ClockTolerance = TimeSpan.FromSeconds(5);

    // Of servers that start together without a copy, one fetches the data file within this time.
    private const int FirstCopyAttempts = 8;
    private static readonly TimeSpan FirstCopyPause = TimeSpan.FromMilliseconds(250);

    private readonly KameleoonConfigurationOptions _settings = options.Value.Configuration;
    private readonly TimeSpan _interval = options.Value.RefreshInterval;
    private readonly LogOnce _older = new();
    private DateTimeOffset _failedAt = DateTimeOffset.MinValue;
    private volatile bool _needsDocument;
    private volatile bool _askedForDocument;
    private long _askedAt = clock.GetTimestamp();

    /// <summary>Whether the source may be unreachable, so that a last good copy is kept.</summary>
    internal bool IsRemote => inner.IsRemote;

    /// <summary>Whether servers share the data file.</summary>
    internal bool IsShared => inner.IsRemote && farm.IsOn;

    /// <summary>Which server fetches the data file, for the health check; null where servers do not share one.</summary>
    internal string? Description => (IsShared, farm.Problem, lease.Role) switch
    {
        (false, _, _) => null,
        (_, { } problem, _) => $"This server fetches the data file for itself. {problem}",
        (_, _, FarmRole.Holder) => "This server fetches the data file for all.",
        (_, _, FarmRole.Follower) => "Another server fetches the data file.",
        _ => "This server fetches the data file for itself.",
    };

    /// <summary>Whether this server has not refreshed for longer than it ever waits, for example because a listener of the
    /// application does not return.</summary>
    internal bool IsStuck => clock.GetElapsedTime(Volatile.Read(ref _askedAt)) > (1.5 * _interval) + TimeSpan.FromMinutes(1);

    /// <summary>Reads the data file.</summary>
    internal async Task<FetchedDataFile> FetchAsync(DataFileRequest request, CancellationToken cancellation)
    {
        Volatile.Write(ref _askedAt, clock.GetTimestamp());
        if (!IsShared)
        {
            return await inner.FetchAsync(request, cancellation);
        }

        // What keeps the lease notices the end of an outage. Until then no refresh waits for the store.
        return !request.IsDemanded
            && farm.Problem is null
            && await lease.TryHoldAsync(cancellation) == FarmRole.Follower
            && await ReceiveAsync(cancellation) is { } received
                ? received
                : await AskAsync(request, cancellation);
    }

    /// <summary>Returns the copy that servers share, whatever its age, or null where there is none.</summary>
    internal async Task<FarmReading?> RestoreAsync(CancellationToken cancellation)
    {
        if (!IsShared)
        {
            return null;
        }

        var reading = await copy.ReadAsync(known: null, cancellation);
        _needsDocument |= reading.State == FarmReadingState.Unusable;
        return reading.State == FarmReadingState.Found ? reading : null;
    }

    /// <summary>Shares what the source answered and the application accepted.</summary>
    /// <returns>Whether the next read has to happen at once, because other servers lack the document.</returns>
    internal async Task<bool> ShareAsync(
        FetchedDataFile fetched, ConfigurationSnapshot snapshot, DateTimeOffset asked, CancellationToken cancellation)
    {
        if (!IsShared || fetched.Source is DataFileSource.Farm or DataFileSource.LastGoodCopy)
        {
            return false;
        }

        _needsDocument = !await copy.KeepAsync(snapshot, fetched.Json, asked, cancellation) && lease.Role is not FarmRole.Follower;
        return _needsDocument && !_askedForDocument;
    }

    /// <exception cref="DataFileException">The document is no data file.</exception>
    internal ConfigurationSnapshot Parse(FetchedDataFile fetched) => copy.Parse(fetched);

    /// <summary>Listens to the source's own announcements.</summary>
    internal Task ListenAsync(Action<long?> changed, CancellationToken cancellation) => inner.WatchAsync(changed, cancellation);

    // Null where this server has to ask the platform itself.
    private async Task<FetchedDataFile?> ReceiveAsync(CancellationToken cancellation)
    {
        var known = store.Snapshot;
        var reading = await ReadAsync(known, cancellation);
        if (reading.State is not (FarmReadingState.Unchanged or FarmReadingState.Found))
        {
            return null;
        }

        // A failure in the future was before the clock was set back.
        var now = clock.GetUtcNow();
        var isOld = (reading.ConfirmedAt <= _failedAt && _failedAt <= now)
            || now - reading.ConfirmedAt >= (_settings.StaleAfter ?? (2 * _interval));
        if (isOld && known is not null)
        {
            throw new FarmOutdatedException(reading.ConfirmedAt);
        }

        var source = isOld ? DataFileSource.LastGoodCopy : DataFileSource.Farm;
        return reading.State == FarmReadingState.Found && !IsOlder(reading)
            ? new(source, reading.Json, reading.Snapshot!.LastModified)
            {
                ConfirmedAt = reading.ConfirmedAt,
                Parsed = reading.Snapshot with { Source = source },
            }
            : new(DataFileSource.Farm, Json: null, known!.LastModified) { ConfirmedAt = reading.ConfirmedAt };
    }

    private async Task<FarmReading> ReadAsync(ConfigurationSnapshot? known, CancellationToken cancellation)
    {
        var reading = await copy.ReadAsync(known, cancellation);
        for (var i = 0; i < FirstCopyAttempts && known is null && reading.State == FarmReadingState.Missing; i++)
        {
            await Task.Delay(FirstCopyPause, clock, cancellation);
            reading = await copy.ReadAsync(known, cancellation);
        }

        _needsDocument |= reading.State == FarmReadingState.Unusable;
        return reading;
    }

    private async Task<FetchedDataFile> AskAsync(DataFileRequest request, CancellationToken cancellation)
    {
        _askedForDocument = _needsDocument;
        var asked = _needsDocument ? request with { Version = null, LastModified = null } : request;

        // In an outage that is known, the next holder of the lease does not repeat its attempts at once either.
        asked = asked with { IsOnlyAttempt = asked.IsOnlyAttempt || store.Age > _interval };
        try
        {
            return RefuseOlder(await inner.FetchAsync(asked, cancellation));
        }
        catch (Exception e) when (e is not DataFileException && !cancellation.IsCancellationRequested)
        {
            // Another server may reach the platform.
            _failedAt = clock.GetUtcNow();
            await lease.ReleaseAsync(PauseAfter(e), cancellation);
            throw;
        }
    }

    private TimeSpan PauseAfter(Exception failure)
    {
        var pause = store.Source is null or DataFileSource.LastGoodCopy ? _settings.RetryDelay : _interval / 4;
        var asked = (failure as DataFileRefusedException)?.RetryAfter ?? TimeSpan.Zero;
        asked = asked < RefreshSchedule.LongestRetryAfter ? asked : RefreshSchedule.LongestRetryAfter;
        return asked > pause ? asked : pause;
    }

    private FetchedDataFile RefuseOlder(FetchedDataFile fetched)
    {
        if (fetched.Json is null || store.Snapshot is not { DataFile.DateModified: { } inForce } known)
        {
            return fetched;
        }

        var snapshot = copy.Parse(fetched);
        if (snapshot.DataFile.DateModified is not { } modified || modified >= inForce)
        {
            return fetched with { Parsed = snapshot };
        }

        if (_older.IsFirst(snapshot.Version))
        {
            logger.OlderDataFile(farm.Key.SiteCode, modified, inForce);
        }

        return new(fetched.Source, Json: null, known.LastModified) { ConfirmedAt = store.ConfirmedAt };
    }

    private bool IsOlder(FarmReading reading) => store.Snapshot is { } known
        && (known.DataFile.DateModified is { } inForce && reading.Snapshot!.DataFile.DateModified is { } modified
            ? modified < inForce
            : reading.ConfirmedAt < store.ConfirmedAt - ClockTolerance);
}
