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

    /// <summary>Finds the first accepted value of a cookie.</summary>
    /// <param name="headers">The request's cookies.</param>
    /// <param name="name">The cookie's name, compared ordinally.</param>
    /// <param name="state">What <paramref name="accept"/> needs.</param>
    /// <param name="accept">Returns whether a value is accepted.</param>
    /// <param name="found">The value, in the request's own text.</param>
    /// <param name="refused">Whether an earlier value was not accepted.</param>
    /// <returns>Whether there is one.</returns>
    internal static bool TryFind<TState>(
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
            for (var start = 0; TryFindName(rest, name, ref start);)
            {
                found = ValueOf(rest[start..]);
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

    // A search for the name looks at many characters at once, which matters where a browser sends kilobytes of cookies.
    private static bool TryFindName(ReadOnlySpan<char> header, string name, ref int start)
    {
        while (TryFindText(header, name, ref start))
        {
            if (start < header.Length && header[start] == '=')
            {
                start++;
                return true;
            }
        }

        return false;
    }

    /// <summary>Finds the next cookie whose name begins with a text.</summary>
    /// <param name="header">One header with cookies.</param>
    /// <param name="text">The beginning of the name, compared ordinally.</param>
    /// <param name="start">Where to search from; then the place behind the text.</param>
    internal static bool TryFindText(ReadOnlySpan<char> header, string text, ref int start)
    {
        while (header[start..].IndexOf(text, StringComparison.Ordinal) is >= 0 and var found)
        {
            var before = header[..(start + found)].TrimEnd(' ');
            start += found + text.Length;
            if (before is [] or [.., ';'])
            {
                return true;
            }
        }

        return false;
    }

    /// <summary>Returns the value at the beginning of a text.</summary>
    internal static ReadOnlySpan<char> ValueOf(ReadOnlySpan<char> rest)
    {
        var end = rest.IndexOf(';');
        return (end < 0 ? rest : rest[..end]).TrimEnd(' ');
    }
}
