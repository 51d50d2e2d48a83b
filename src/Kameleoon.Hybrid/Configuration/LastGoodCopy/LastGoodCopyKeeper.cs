using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;

namespace Kameleoon.Hybrid;

/// <summary>Uses the last good copy where there is one, and does without where there is not.</summary>
internal sealed class LastGoodCopyKeeper(
    ILastGoodCopy copy,
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
    private readonly LogOnce _unwritable = new();
    private ConfigurationSnapshot? _kept;
    private DateTimeOffset _confirmedAt;

    /// <returns>What was kept before the restart, with the time of its confirmation.</returns>
    internal async Task<(ConfigurationSnapshot Snapshot, DateTimeOffset ConfirmedAt)?> ReadAsync(
        CancellationToken cancellationToken)
    {
        if (!_isOn)
        {
            return null;
        }

        try
        {
            if (await copy.ReadAsync(cancellationToken) is not { } kept)
            {
                return null;
            }

            var snapshot = ConfigurationSnapshot.Of(
                new(DataFileSource.LastGoodCopy, kept.Json, kept.LastModified), mismatches.Report);
            _kept = snapshot;
            metrics.LastGoodCopy(_siteCode, "read");
            logger.LastGoodCopyRead(_siteCode, clock.GetUtcNow() - kept.ConfirmedAt);
            return (snapshot, kept.ConfirmedAt);
        }
        catch (Exception e) when (!cancellationToken.IsCancellationRequested)
        {
            // Whatever it is: a copy that cannot be used is as good as none.
            metrics.LastGoodCopy(_siteCode, "unreadable", ErrorType.Of(e));
            logger.LastGoodCopyUnreadable(_siteCode, e.Message);
            return null;
        }
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
        if (!_isOn || (isKept && at - _confirmedAt < ConfirmationStep))
        {
            return;
        }

        try
        {
            if (isKept)
            {
                await copy.ConfirmAsync(at, cancellationToken);
            }
            else if (json is not null)
            {
                await copy.WriteAsync(new(json.Value, snapshot.LastModified, at), cancellationToken);
                metrics.LastGoodCopy(_siteCode, "written");
                _kept = snapshot;
            }

            _confirmedAt = at;
        }
        catch (Exception e) when (!cancellationToken.IsCancellationRequested)
        {
            // Whatever it is: the data file is in force, in memory.
            _kept = null;
            metrics.LastGoodCopy(_siteCode, "unwritable", ErrorType.Of(e));
            if (_unwritable.IsFirst())
            {
                logger.LastGoodCopyUnwritable(_siteCode, e.Message);
            }
        }
    }
}
