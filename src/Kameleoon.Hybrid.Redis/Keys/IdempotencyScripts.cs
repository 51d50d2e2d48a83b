namespace Kameleoon.Hybrid.Redis;

/// <summary>The scripts of idempotency keys, in Lua, with the time of Redis's clock. A key is a hash of <c>content</c>,
/// <c>attempt</c>, <c>used</c> in milliseconds and <c>confirmed</c>.</summary>
internal static class IdempotencyScripts
{
    /// <summary>Claims a key and returns <see cref="Stores.IdempotencyClaim"/> as a number.</summary>
    /// <remarks>KEYS: the key. ARGV: content, attempt, lease and lifetime in milliseconds.</remarks>
    internal const string Claim = """
        local time = redis.call('TIME')
        local now = math.floor(time[1] * 1000 + time[2] / 1000)
        local known = redis.call('HMGET', KEYS[1], 'content', 'used', 'confirmed')
        if known[1] then
          if known[1] ~= ARGV[1] then return 2 end
          if known[3] then return 1 end
          if now - known[2] <= tonumber(ARGV[3]) then return 3 end
        end
        redis.call('HSET', KEYS[1], 'content', ARGV[1], 'attempt', ARGV[2], 'used', string.format('%.0f', now))
        redis.call('PEXPIRE', KEYS[1], ARGV[4])
        return 0
        """;

    /// <summary>Returns the place of the first confirmed key with the same content, else of the first such key, else 0.</summary>
    /// <remarks>KEYS: the keys. ARGV: content.</remarks>
    internal const string Find = """
        local first = 0
        for i = 1, #KEYS do
          local known = redis.call('HMGET', KEYS[i], 'content', 'confirmed')
          if known[1] == ARGV[1] then
            if known[2] then return i end
            if first == 0 then first = i end
          end
        end
        return first
        """;

    /// <summary>Confirms a key that the attempt holds.</summary>
    /// <remarks>KEYS: the key. ARGV: attempt, lifetime in milliseconds.</remarks>
    internal const string Confirm = """
        if redis.call('HGET', KEYS[1], 'attempt') == ARGV[1] then
          redis.call('HSET', KEYS[1], 'confirmed', '1')
          redis.call('PEXPIRE', KEYS[1], ARGV[2])
        end
        """;

    /// <summary>Releases a key that the attempt holds and that is not confirmed.</summary>
    /// <remarks>KEYS: the key. ARGV: attempt.</remarks>
    internal const string Release = """
        local known = redis.call('HMGET', KEYS[1], 'attempt', 'confirmed')
        if known[1] == ARGV[1] and not known[2] then
          redis.call('DEL', KEYS[1])
        end
        """;
}
