namespace Kameleoon.Hybrid.Redis;

/// <summary>The scripts of the data file that servers share, in Lua, with the time of Redis's clock. A copy is a hash of
/// <c>version</c>, <c>content</c>, <c>stamp</c>, and <c>modified</c> and <c>confirmed</c> in milliseconds; a lease is the server
/// that holds it, or nothing while none may.</summary>
internal static class DataFileScripts
{
    /// <summary>Returns version, stamp, modified, age of the confirmation in milliseconds, and the content of another version than
    /// the known one.</summary>
    /// <remarks>KEYS: the copy. ARGV: the known version, or nothing.</remarks>
    internal const string Read = """
        local known = redis.call('HMGET', KEYS[1], 'version', 'stamp', 'modified', 'confirmed')
        if not known[1] then return false end
        local time = redis.call('TIME')
        local age = time[1] * 1000 + math.floor(time[2] / 1000) - (tonumber(known[4] or '') or 0)
        local content = known[1] ~= ARGV[1] and redis.call('HGET', KEYS[1], 'content')
        return { known[1], known[2], known[3], string.format('%.0f', age), content }
        """;

    /// <summary>Replaces a copy that is not newer, tells the other servers, and returns 1; else 0.</summary>
    /// <remarks>KEYS: the copy. ARGV: version, content, stamp, modified or nothing, age in milliseconds, lifetime in milliseconds,
    /// channel, notice.</remarks>
    internal const string Write = """
        local time = redis.call('TIME')
        local confirmed = time[1] * 1000 + math.floor(time[2] / 1000) - ARGV[5]
        if redis.call('TYPE', KEYS[1]).ok == 'hash' then
          local known = redis.call('HMGET', KEYS[1], 'modified', 'confirmed')
          local before, modified = tonumber(known[1] or ''), tonumber(ARGV[4])
          if before and modified then
            if before > modified then return 0 end
          elseif (tonumber(known[2] or '') or 0) > confirmed then
            return 0
          end
        end
        redis.call('DEL', KEYS[1])
        redis.call('HSET', KEYS[1], 'version', ARGV[1], 'content', ARGV[2], 'stamp', ARGV[3], 'modified', ARGV[4],
          'confirmed', string.format('%.0f', confirmed))
        redis.call('PEXPIRE', KEYS[1], ARGV[6])
        redis.call('PUBLISH', ARGV[7], ARGV[8])
        return 1
        """;

    /// <summary>Confirms a copy of a version, tells the other servers, and returns 1; else 0.</summary>
    /// <remarks>KEYS: the copy. ARGV: version, stamp, age in milliseconds, lifetime in milliseconds, channel, notice.</remarks>
    internal const string Confirm = """
        if redis.call('TYPE', KEYS[1]).ok ~= 'hash' then return 0 end
        local known = redis.call('HMGET', KEYS[1], 'version', 'confirmed')
        if known[1] ~= ARGV[1] then return 0 end
        local time = redis.call('TIME')
        local confirmed = time[1] * 1000 + math.floor(time[2] / 1000) - ARGV[3]
        if confirmed > (tonumber(known[2] or '') or 0) then
          redis.call('HSET', KEYS[1], 'stamp', ARGV[2], 'confirmed', string.format('%.0f', confirmed))
        end
        redis.call('PEXPIRE', KEYS[1], ARGV[4])
        redis.call('PUBLISH', ARGV[5], ARGV[6])
        return 1
        """;

    /// <summary>Takes or prolongs a lease and returns 1; else 0.</summary>
    /// <remarks>KEYS: the lease. ARGV: server, duration in milliseconds.</remarks>
    internal const string Hold = """
        local holder = redis.call('GET', KEYS[1])
        if holder and holder ~= ARGV[1] then return 0 end
        redis.call('SET', KEYS[1], ARGV[1], 'PX', ARGV[2])
        return 1
        """;

    /// <summary>Gives a lease up that the server holds.</summary>
    /// <remarks>KEYS: the lease. ARGV: server, milliseconds in which no server can take it.</remarks>
    internal const string Release = """
        if redis.call('GET', KEYS[1]) ~= ARGV[1] then return end
        if tonumber(ARGV[2]) > 0 then
          redis.call('SET', KEYS[1], '', 'PX', ARGV[2])
        else
          redis.call('DEL', KEYS[1])
        end
        """;
}
