using Microsoft.Extensions.Options;
using StackExchange.Redis;

namespace Kameleoon.Hybrid.Redis;

/// <summary>The keys of one site in Redis.</summary>
/// <remarks>Braces keep all keys of a site in one slot of a cluster, because scripts use several of them.</remarks>
internal sealed class RedisKeys(IOptions<KameleoonOptions> options)
{
    private readonly string _prefix = PrefixOf(options.Value.SiteCode);

    /// <summary>The copy of a data file that servers share. It may be of another site of the application.</summary>
    internal static RedisKey DataFile(DataFileKey key) => PrefixOf(key.SiteCode) + $"datafile:{key.Environment}:{key.Address}";

    /// <summary>The server that fetches a data file.</summary>
    internal static RedisKey DataFileLease(DataFileKey key) => DataFile(key).Append(":lease");

    /// <summary>Where servers tell each other of copies.</summary>
    internal static RedisChannel DataFileChannel(DataFileKey key) =>
        RedisChannel.Literal(DataFile(key).Append(":stored").ToString());

    /// <summary>The sorted set of entries that changed: their stamps, and each entry's name and visitor code.</summary>
    internal RedisKey Changes => _prefix + "changes";

    /// <summary>The latest stamp.</summary>
    internal RedisKey Clock => _prefix + "clock";

    /// <summary>The stream of the counts of experiments.</summary>
    internal RedisKey Experiments => _prefix + "experiments";

    /// <summary>The beginning of <see cref="Session"/>.</summary>
    internal string Sessions => _prefix + "session:";

    /// <summary>The beginning of <see cref="Owner"/>.</summary>
    internal string Owners => _prefix + "owner:";

    /// <summary>Where servers tell each other of changes.</summary>
    internal RedisChannel Channel => RedisChannel.Literal(_prefix + "changed");

    /// <summary>The hash of a visitor's entries.</summary>
    internal RedisKey Session(string visitorCode) => Sessions + visitorCode;

    /// <summary>The hash of an idempotency key. Keys contain no space; visitor codes may.</summary>
    internal RedisKey Idempotency(string caller, string key) => $"{_prefix}key:{caller} {key}";

    /// <summary>The hash of a user's codes.</summary>
    internal RedisKey User(string userKey) => _prefix + "user:" + userKey;

    /// <summary>The user to whom a code belongs.</summary>
    internal RedisKey Owner(string visitorCode) => Owners + visitorCode;

    private static string PrefixOf(string siteCode) => "kameleoon:{" + siteCode + "}:";
}
