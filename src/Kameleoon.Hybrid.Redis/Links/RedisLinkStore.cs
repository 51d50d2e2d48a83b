using System.Globalization;
using StackExchange.Redis;

namespace Kameleoon.Hybrid.Redis;

/// <summary>Stores visitor links in Redis. They do not expire.</summary>
internal sealed class RedisLinkStore(RedisConnection redis, RedisKeys keys) : IVisitorLinkStore
{
    // The own code and a thousand merged ones, as in a database.
    internal const int MaxCodes = 1001;

    private const string Own = "own";
    private const string Code = "code:";

    public async ValueTask<string?> FindAsync(string userKey, CancellationToken cancellationToken) =>
        await (await DatabaseAsync(cancellationToken)).HashGetAsync(keys.User(userKey), Own).WaitAsync(cancellationToken);

    public async ValueTask<string?> FindOwnerAsync(string visitorCode, CancellationToken cancellationToken) =>
        await (await DatabaseAsync(cancellationToken)).StringGetAsync(keys.Owner(visitorCode)).WaitAsync(cancellationToken);

    public async ValueTask<VisitorLinkResult> LinkAsync(
        string userKey, string visitorCode, DateTimeOffset now, CancellationToken cancellationToken)
    {
        RedisValue[] values = [userKey, visitorCode, now.ToUnixTimeMilliseconds(), MaxCodes];
        var reply = await redis.RunAsync(
            LinkScripts.Link, [keys.User(userKey), keys.Owner(visitorCode)], values, cancellationToken);
        return new((string?)reply[0], (VisitorLinkOutcome)(int)reply[1]);
    }

    public async ValueTask<IReadOnlyList<VisitorLink>> ExportAsync(string userKey, CancellationToken cancellationToken)
    {
        var fields = await (await DatabaseAsync(cancellationToken)).HashGetAllAsync(keys.User(userKey)).WaitAsync(cancellationToken);
        var own = Array.Find(fields, static field => field.Name == Own).Value.ToString();
        return [.. fields
            .Where(static field => field.Name != Own)
            .Select(field => LinkOf(field, own))
            .OrderBy(static link => link.MergedInto is not null).ThenBy(static link => link.LinkedAt)];
    }

    public async ValueTask<IReadOnlyList<string>> ForgetAsync(string userKey, CancellationToken cancellationToken)
    {
        RedisValue[] values = [userKey, keys.Owners, keys.Sessions];
        return (string[])(await redis.RunAsync(LinkScripts.Forget, [keys.User(userKey), keys.Changes], values, cancellationToken))!;
    }

    private static VisitorLink LinkOf(HashEntry field, string own)
    {
        var code = field.Name.ToString()[Code.Length..];
        var linkedAt = DateTimeOffset.FromUnixTimeMilliseconds(long.Parse(field.Value.ToString(), CultureInfo.InvariantCulture));
        return new(code, linkedAt, string.Equals(code, own, StringComparison.Ordinal) ? null : own);
    }

    private async ValueTask<IDatabase> DatabaseAsync(CancellationToken cancellation) =>
        (await redis.GetAsync().WaitAsync(cancellation)).GetDatabase();
}
