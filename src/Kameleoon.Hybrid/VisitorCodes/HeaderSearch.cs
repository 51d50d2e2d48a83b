using System.Buffers;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Primitives;

namespace Kameleoon.Hybrid;

/// <summary>Searches all headers of a request or a response in one pass.</summary>
/// <remarks>Enumerating allocates on most servers, and to look for several names takes longer: a server compares each with the
/// names it knows, and then looks in a dictionary.</remarks>
internal static class HeaderSearch
{
    /// <summary>Whether a header is found. All are asked about, and each may be removed.</summary>
    internal static bool Any(IHeaderDictionary headers, Func<IHeaderDictionary, string, StringValues, bool> isFound)
    {
        var count = headers.Count;
        if (count == 0)
        {
            return false;
        }

        var all = ArrayPool<KeyValuePair<string, StringValues>>.Shared.Rent(count);
        headers.CopyTo(all, 0);
        var found = false;
        foreach (var (name, value) in all.AsSpan(0, count))
        {
            found |= isFound(headers, name, value);
        }

        ArrayPool<KeyValuePair<string, StringValues>>.Shared.Return(all, clearArray: true);
        return found;
    }
}
