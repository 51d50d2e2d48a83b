using Microsoft.Extensions.Options;
using StackExchange.Redis;

namespace Kameleoon.Hybrid.Redis;

/// <summary>Stores visitor sessions in Redis, so that servers share them, and tells other servers of changes at once.</summary>
/// <remarks>A session is a hash that Redis removes once it has expired. Each call is one script or one command for each visitor.
/// </remarks>
internal sealed class RedisSessionStore(RedisConnection redis, RedisKeys keys, IOptions<KameleoonOptions> options)
    : IVisitorSessionStore, IVisitorSessionFeed
{
    internal const int PageSize = 1000;

    private readonly string _server = Guid.NewGuid().ToString("N");
    private readonly TimeSpan _lifetime = options.Value.SessionDuration * 1.25;

    public async ValueTask<IReadOnlyList<VisitorSessionEntry>> FindAsync(
        string visitorCode, CancellationToken cancellationToken)
    {
        var found = (RedisValue[])(await redis.RunAsync(
            SessionScripts.Find, [keys.Session(visitorCode), keys.Changes], [visitorCode], cancellationToken))!;
        var entries = new List<VisitorSessionEntry>();
        for (var i = 0; i < found.Length; i += 3)
        {
            if (SessionValue.Read(found[i + 1]) is { } value)
            {
                entries.Add(new(visitorCode, found[i].ToString(), value.Values) { Age = AgeOf(found[i + 2]) });
            }
        }

        return entries;
    }

    public async ValueTask SaveAsync(IReadOnlyList<VisitorSessionEntry> entries, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(entries);
        List<RedisKey> used = [keys.Changes, keys.Clock, .. entries.Select(entry => keys.Session(entry.VisitorCode))];
        List<RedisValue> values = [(long)_lifetime.TotalMilliseconds, (string)keys.Channel!, NoticeOf(entries)];
        foreach (var entry in entries)
        {
            values.AddRange([entry.Name, SessionValue.Write(_server, entry.Values), entry.VisitorCode]);
        }

        await redis.RunAsync(SessionScripts.Save, [.. used], [.. values], cancellationToken);
    }

    public async ValueTask ProlongAsync(IReadOnlyList<string> visitorCodes, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(visitorCodes);
        var database = (await redis.GetAsync().WaitAsync(cancellationToken)).GetDatabase();
        await Task.WhenAll(visitorCodes.Select(code => database.KeyExpireAsync(keys.Session(code), _lifetime)))
            .WaitAsync(cancellationToken);
    }

    public async ValueTask<VisitorSessionChanges> ReadChangesAsync(
        TimeSpan within, string? after, CancellationToken cancellationToken)
    {
        RedisValue[] values = [MicrosecondsOf(within), after ?? "", PageSize, keys.Sessions];
        var page = (RedisValue[])(await redis.RunAsync(SessionScripts.ReadChanges, [keys.Changes], values, cancellationToken))!;
        var entries = new List<VisitorSessionEntry>();
        for (var i = 0; i < page.Length; i += 3)
        {
            // Names contain no space; codes may.
            if (SessionValue.Read(page[i + 1]) is { } value
                && !string.Equals(value.Server, _server, StringComparison.Ordinal)
                && page[i].ToString().Split(' ', 2) is [var name, var code])
            {
                entries.Add(new(code, name, value.Values));
            }
        }

        return new(entries, page.Length < PageSize * 3 ? null : page[^1].ToString());
    }

    public async ValueTask DeleteExpiredAsync(CancellationToken cancellationToken) => await redis.RunAsync(
        SessionScripts.DeleteExpired, [keys.Changes], [MicrosecondsOf(_lifetime)], cancellationToken);

    public Task ListenAsync(Action<string> changed, CancellationToken cancellationToken) =>
        redis.ListenAsync(keys.Channel, message => Receive(message, changed), cancellationToken);

    // The time of a change is removed once the change is older than a session.
    private TimeSpan AgeOf(RedisValue microseconds) =>
        microseconds.IsNull ? _lifetime : TimeSpan.FromMicroseconds((double)microseconds);

    private static long MicrosecondsOf(TimeSpan time) => (long)time.TotalMicroseconds;

    // The server, then the visitors whose entries it changed; codes contain no line feed.
    private string NoticeOf(IReadOnlyList<VisitorSessionEntry> entries) =>
        string.Join('\n', entries.Select(static entry => entry.VisitorCode).Distinct(StringComparer.Ordinal).Prepend(_server));

    private void Receive(RedisValue message, Action<string> changed)
    {
        if (message.ToString().Split('\n') is [var server, .. var codes]
            && !string.Equals(server, _server, StringComparison.Ordinal))
        {
            Array.ForEach(codes, changed);
        }
    }
}
