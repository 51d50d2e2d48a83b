using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;

namespace Kameleoon.Hybrid;

/// <summary>Uses the last good copy where there is one, and does without where there is not.</summary>
internal sealed class LastGoodCopyKeeper(
    LastGoodCopyFile copy,
    FarmStore farm,
    IOptions<KameleoonOptions> options,
    TimeProvider clock,
    KameleoonMetrics metrics,
    VariableMismatches mismatches,
    ILogger<LastGoodCopyKeeper> logger)
{
    // A file touched at every poll of a second would be worn out for nothing.
    private static readonly TimeSpan ConfirmationStep = TimeSpan.FromMinutes(1);

    private readonly string _siteCode = options.Value.SiteCode;
    private readonly bool _isOn = options.Value.Configuration.LastGoodCopy;

    // The deadline is that of a disk, which works in real time whatever clock the application uses.
    private readonly StoreGuard _reads = new(
        StoreGuard.PatientTimeout,
        TimeProvider.System,
        new StoreMessages(
            e => LogUnlessShared(farm, () => logger.LastGoodCopyUnreadable(options.Value.SiteCode, e.Message)),
            static () => { }));

    private readonly StoreGuard _writes = new(
        StoreGuard.PatientTimeout,
        TimeProvider.System,
        new StoreMessages(
            e => LogUnlessShared(farm, () => logger.LastGoodCopyUnwritable(options.Value.SiteCode, e.Message)),
            () => LogUnlessShared(farm, () => logger.LastGoodCopyWritable(options.Value.SiteCode))));

    private ConfigurationSnapshot? _kept;
    private DateTimeOffset _confirmedAt;
    private bool _hasTriedAgain = true;

    /// <summary>Whether the copy is gone, for example with the folder for temporary files, and can be written once the document
    /// comes with an answer.</summary>
    internal bool NeedsDocument => _isOn && !_hasTriedAgain;

    /// <returns>What was kept before the restart, with the time of its confirmation.</returns>
    internal async Task<(ConfigurationSnapshot Snapshot, DateTimeOffset ConfirmedAt)?> ReadAsync(
        CancellationToken cancellationToken)
    {
        if (!_isOn)
        {
            return null;
        }

        var reply = await _reads.AskAsync(ReadOnceAsync, StoreCaller.Background, cancellationToken);
        cancellationToken.ThrowIfCancellationRequested();
        if (reply.Error is { } error)
        {
            metrics.LastGoodCopy(_siteCode, "unreadable", ErrorType.Of(error));
        }

        if (reply.Answer is not { } found)
        {
            return null;
        }

        _kept = found.Snapshot;
        metrics.LastGoodCopy(_siteCode, "read");
        logger.LastGoodCopyRead(_siteCode, clock.GetUtcNow() - found.ConfirmedAt);
        return found;
    }

    /// <summary>Keeps what was accepted, or that it is still the current one.</summary>
    /// <param name="snapshot">What is in force.</param>
    /// <param name="json">Its document, if it came with the answer.</param>
    /// <param name="at">When it was asked for.</param>
    /// <param name="cancellationToken">Gives up.</param>
    internal async Task KeepAsync(
        ConfigurationSnapshot snapshot,
        ReadOnlyMemory<byte>? json,
        DateTimeOffset at,
        CancellationToken cancellationToken)
    {
        var isKept = _kept is { } kept
            && string.Equals(kept.Version, snapshot.Version, StringComparison.Ordinal)
            && string.Equals(kept.LastModified, snapshot.LastModified, StringComparison.Ordinal);
        if (!_isOn || (isKept && (at - _confirmedAt).Duration() < ConfirmationStep))
        {
            return;
        }

        if (!isKept && json is null)
        {
            _confirmedAt = at;
            return;
        }

        var reply = await _writes.RunAsync(
            token => new ValueTask(isKept
                ? copy.ConfirmAsync(at, token)
                : copy.WriteAsync(new(json!.Value, snapshot.LastModified, at), token)),
            StoreCaller.Background,
            cancellationToken);
        cancellationToken.ThrowIfCancellationRequested();
        if (reply.Error is { } error)
        {
            _kept = null;
            _hasTriedAgain = !isKept;
            metrics.LastGoodCopy(_siteCode, "unwritable", ErrorType.Of(error));
            return;
        }

        if (!isKept)
        {
            metrics.LastGoodCopy(_siteCode, "written");
            (_kept, _hasTriedAgain) = (snapshot, true);
        }

        _confirmedAt = at;
    }

    // A server that shares the data file with others needs no disk of its own.
    private static void LogUnlessShared(FarmStore farm, Action log)
    {
        if (!farm.IsOn)
        {
            log();
        }
    }

    // Parsed here, so that a copy that is damaged is a failed call like one that cannot be read.
    private async ValueTask<(ConfigurationSnapshot Snapshot, DateTimeOffset ConfirmedAt)?> ReadOnceAsync(
        CancellationToken cancellationToken) => await copy.ReadAsync(cancellationToken) is { } kept
        ? (ConfigurationSnapshot.Of(
            new(DataFileSource.LastGoodCopy, kept.Json, kept.LastModified), mismatches.Report), kept.ConfirmedAt)
        : null;
}
