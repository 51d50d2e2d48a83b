using System.Runtime.CompilerServices;
using Microsoft.Extensions.Primitives;

namespace Kameleoon.Hybrid;

/// <summary>Reads cookies as the browser engine does: without unescaping, and the first of two with the same
/// name.</summary>
/// <remarks>The framework's collection unescapes values and takes the last one, so server and engine could use
/// different codes.</remarks>
internal static class CookieHeader
{
    /// <summary>Returns the first accepted value of a cookie, or null.</summary>
    /// <param name="headers">The request's cookies.</param>
    /// <param name="name">The cookie's name, compared ordinally.</param>
    /// <param name="accept">Returns whether a value is accepted.</param>
    /// <param name="refused">Whether an earlier value was not accepted.</param>
    internal static string? First(
        StringValues headers, string name, Func<ReadOnlySpan<char>, bool> accept, out bool refused) =>
        TryFind(headers, name, accept, static (value, accepts) => accepts(value), out var found, out refused)
            ? found.ToString()
            : null;

    /// <summary>Whether a cookie of the name has an accepted value.</summary>
    internal static bool Any<TState>(
        StringValues headers, string name, TState state, Func<ReadOnlySpan<char>, TState, bool> accept)
        where TState : allows ref struct => TryFind(headers, name, state, accept, out _, out _);

    /// <summary>Counts the cookies of a name.</summary>
    internal static int Count(StringValues headers, string name)
    {
        var count = new StrongBox<int>();
        Any(headers, name, count, static (_, counted) => ++counted.Value < 0);
        return count.Value;
    }

    private static bool TryFind<TState>(
        StringValues headers,
        string name,
        TState state,
        Func<ReadOnlySpan<char>, TState, bool> accept,
        out ReadOnlySpan<char> found,
        out bool refused)
        where TState : allows ref struct
    {
        refused = false;
        foreach (var header in headers)
        {
            var rest = header.AsSpan();
            while (!rest.IsEmpty)
            {
                var end = rest.IndexOf(';');
                var pair = (end < 0 ? rest : rest[..end]).Trim(' ');
                rest = end < 0 ? [] : rest[(end + 1)..];
                if (pair.Length <= name.Length || pair[name.Length] != '=' || !pair.StartsWith(name))
                {
                    continue;
                }

                found = pair[(name.Length + 1)..];
                if (accept(found, state))
                {
                    return true;
                }

                refused = true;
            }
        }

        found = default;
        return false;
    }
}
