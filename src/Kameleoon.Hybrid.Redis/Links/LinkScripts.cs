namespace Kameleoon.Hybrid.Redis;

/// <summary>The scripts of visitor links, in Lua. A user is a hash of the <c>own</c> code, and of the time of each code under
/// <c>code:</c> and the code.</summary>
internal static class LinkScripts
{
    /// <summary>Links a code, and returns the user's own code and <see cref="Stores.VisitorLinkOutcome"/> as a number.</summary>
    /// <remarks>KEYS: the user, the code's owner. ARGV: user key, code, time in milliseconds, the largest number of codes.</remarks>
    internal const string Link = """
        local own = redis.call('HGET', KEYS[1], 'own')
        local owner = redis.call('GET', KEYS[2])
        if owner == ARGV[1] then return { own, 1 } end
        if owner or (own and redis.call('HLEN', KEYS[1]) - 1 >= tonumber(ARGV[4])) then return { own, 3 } end
        redis.call('SET', KEYS[2], ARGV[1])
        redis.call('HSET', KEYS[1], 'code:' .. ARGV[2], ARGV[3])
        if own then return { own, 2 } end
        redis.call('HSET', KEYS[1], 'own', ARGV[2])
        return { ARGV[2], 0 }
        """;

    /// <summary>Deletes a user with the codes and their sessions, and returns the codes.</summary>
    /// <remarks>KEYS: the user, the set of changes. ARGV: user key, the beginnings of an owner's and of a session's key.</remarks>
    internal const string Forget = """
        local codes = {}
        local own = redis.call('HGET', KEYS[1], 'own')
        if own then codes[1] = own end
        for _, field in ipairs(redis.call('HKEYS', KEYS[1])) do
          local code = string.sub(field, 6)
          if field ~= 'own' and code ~= own then codes[#codes + 1] = code end
        end
        local function forget(code)
          for _, name in ipairs(redis.call('HKEYS', ARGV[3] .. code)) do
            redis.call('ZREM', KEYS[2], name .. ' ' .. code)
          end
          redis.call('DEL', ARGV[3] .. code)
        end
        for _, code in ipairs(codes) do
          redis.call('DEL', ARGV[2] .. code)
          forget(code)
        end
        redis.call('DEL', KEYS[1])
        forget(ARGV[1])
        return codes
        """;
}
