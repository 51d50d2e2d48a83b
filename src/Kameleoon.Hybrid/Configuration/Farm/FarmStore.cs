using System.Security.Cryptography;
using System.Text;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;

namespace Kameleoon.Hybrid;

/// <summary>Calls the store in which servers share the data file. No exception of the store leaves it.</summary>
internal sealed class FarmStore
{
    private readonly ILastGoodCopy? _copy;
    private readonly StoreGuard _guard;

    public FarmStore(
        IOptions<KameleoonOptions> options,
        PlatformEndpoints endpoints,
        FarmPace pace,
        ILogger<FarmStore> logger,
        ILastGoodCopy? copy = null)
    {
        var settings = options.Value;
        _copy = settings.Configuration.LastGoodCopy ? copy : null;
        Lease = _copy as IDataFileLease;
        Key = new(
            settings.SiteCode,
            settings.Environment is null or "" ? "production" : settings.Environment,
            AddressOf(endpoints));

        // The network works in real time whatever clock the application uses.
        _guard = new(pace.Timeout, TimeProvider.System, new StoreMessages(
            e => logger.FarmUnavailable(settings.SiteCode, ErrorText.Of(e)),
            () => logger.FarmRecovered(settings.SiteCode)));
    }

    /// <summary>Whether the application has one.</summary>
    internal bool IsOn => _copy is not null;

    /// <summary>What elects the server that fetches, or null where each server does.</summary>
    internal IDataFileLease? Lease { get; }

    /// <summary>The data file.</summary>
    internal DataFileKey Key { get; }

    /// <summary>Why the store is unavailable, or null when it is not known to be.</summary>
    internal string? Problem => _guard.Problem;

    /// <summary>16 hexadecimal digits that stand for the address of the data file.</summary>
    /// <remarks>Another environment or another platform, such as a sandbox, is another data file.</remarks>
    internal static string AddressOf(PlatformEndpoints endpoints) => Convert.ToHexStringLower(
        SHA256.HashData(Encoding.UTF8.GetBytes(endpoints.DataFile().AbsoluteUri)).AsSpan(0, 8));

    internal ValueTask<StoreReply<KeptDataFile?>> ReadAsync(string? knownVersion, CancellationToken cancellation) => _guard.AskAsync(
        token => new ValueTask<KeptDataFile?>(_copy!.ReadAsync(Key, knownVersion, token)), StoreCaller.Background, cancellation);

    internal ValueTask<StoreReply<bool>> WriteAsync(KeptDataFile dataFile, CancellationToken cancellation) =>
        CallAsync(token => _copy!.WriteAsync(Key, dataFile, token), cancellation, StoreCaller.Patient);

    internal ValueTask<StoreReply<bool>> ConfirmAsync(KeptDataFile dataFile, CancellationToken cancellation) =>
        CallAsync(token => _copy!.ConfirmAsync(Key, dataFile, token), cancellation);

    internal ValueTask<StoreReply<bool>> TryHoldAsync(TimeSpan duration, CancellationToken cancellation) =>
        CallAsync(token => Lease!.TryHoldAsync(Key, duration, token), cancellation);

    internal ValueTask<StoreReply<bool>> ReleaseAsync(TimeSpan pause, CancellationToken cancellation) => CallAsync(
        async token =>
        {
            await Lease!.ReleaseAsync(Key, pause, token);
            return true;
        },
        cancellation);

    // A store that takes these calls accepts writes, also where there was nothing to write.
    private ValueTask<StoreReply<bool>> CallAsync(
        Func<CancellationToken, Task<bool>> call,
        CancellationToken cancellation,
        StoreCaller caller = StoreCaller.Background) => _guard.WriteAsync(
            token => new ValueTask<bool>(call(token)), caller, owner: null, static _ => true, cancellation);
}
