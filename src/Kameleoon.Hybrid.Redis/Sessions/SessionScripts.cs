namespace Kameleoon.Hybrid.Redis;

/// <summary>The scripts of shared sessions, in Lua, with the time of Redis's clock.</summary>
internal static class SessionScripts
{
    /// <summary>Writes entries and tells the other servers. Every change has a later stamp than all before, in microseconds.
    /// </summary>
    /// <remarks>KEYS: changes, clock, and each entry's session. ARGV: lifetime in milliseconds, channel, notice, then each
    /// entry's name, value and visitor code.</remarks>
    internal const string Save = """
        local time = redis.call('TIME')
        local stamp = math.max(time[1] * 1000000 + time[2], (redis.call('GET', KEYS[2]) or 0) + 1)
        for i = 3, #KEYS do
          local name, value, code = ARGV[i * 3 - 5], ARGV[i * 3 - 4], ARGV[i * 3 - 3]
          redis.call('HSET', KEYS[i], name, value)
          redis.call('PEXPIRE', KEYS[i], ARGV[1])
          redis.call('ZADD', KEYS[1], string.format('%.0f', stamp), name .. ' ' .. code)
          stamp = stamp + 1
        end
        redis.call('SET', KEYS[2], string.format('%.0f', stamp), 'PX', ARGV[1])
        redis.call('PEXPIRE', KEYS[1], ARGV[1])
        redis.call('PUBLISH', ARGV[2], ARGV[3])
        """;

    /// <summary>Returns all fields of a visitor, each with its value and how many microseconds ago it was written.</summary>
    /// <remarks>KEYS: the visitor's hash, the set of changes. ARGV: the visitor code.</remarks>
    internal const string Find = """
        local found = redis.call('HGETALL', KEYS[1])
        local time = redis.call('TIME')
        local fields = {}
        for i = 1, #found, 2 do
          local stamp = redis.call('ZSCORE', KEYS[2], found[i] .. ' ' .. ARGV[1])
          fields[#fields + 1] = found[i]
          fields[#fields + 1] = found[i + 1]
          fields[#fields + 1] = stamp and string.format('%.0f', time[1] * 1000000 + time[2] - stamp)
        end
        return fields
        """;

    /// <summary>Returns a page of changes: name and code, value, and stamp of each.</summary>
    /// <remarks>KEYS: changes. ARGV: age in microseconds, stamp of the page before or nothing, size of a page, beginning of a
    /// session's key.</remarks>
    internal const string ReadChanges = """
        local after = ARGV[2]
        if after == '' then
          local time = redis.call('TIME')
          after = string.format('%.0f', time[1] * 1000000 + time[2] - ARGV[1])
        end
        local found = redis.call('ZRANGEBYSCORE', KEYS[1], '(' .. after, '+inf', 'WITHSCORES', 'LIMIT', 0, ARGV[3])
        local page = {}
        for i = 1, #found, 2 do
          local space = string.find(found[i], ' ', 1, true)
          page[#page + 1] = found[i]
          page[#page + 1] = redis.call('HGET', ARGV[4] .. string.sub(found[i], space + 1), string.sub(found[i], 1, space - 1))
          page[#page + 1] = found[i + 1]
        end
        return page
        """;

    /// <summary>Removes the changes of sessions that have expired. Redis removes the sessions themselves.</summary>
    /// <remarks>KEYS: changes. ARGV: lifetime in microseconds.</remarks>
    internal const string DeleteExpired = """
        local time = redis.call('TIME')
        redis.call('ZREMRANGEBYSCORE', KEYS[1], '-inf', string.format('%.0f', time[1] * 1000000 + time[2] - ARGV[1]))
        """;
}
