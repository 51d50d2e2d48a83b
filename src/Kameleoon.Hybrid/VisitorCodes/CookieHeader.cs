using Microsoft.Extensions.Primitives;

namespace Kameleoon.Hybrid;

/// <summary>Reads cookies as the browser engine does: raw, and the first of two of one name.</summary>
/// <remarks>The framework's collection unescapes values and takes the last; server and engine would then see two
/// visitors.</remarks>
internal static class CookieHeader
{
    /// <summary>Finds the first value of a name that passes, or null.</summary>
    internal static string? First(StringValues headers, string name, Func<string, bool> accept, out bool refused) =>
        First(headers, name, accept, static (value, accepts) => accepts(value), out refused);

    /// <summary>The same with what <paramref name="accept"/> needs.</summary>
    internal static string? First<TState>(
        StringValues headers, string name, TState state, Func<string, TState, bool> accept, out bool refused)
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

                var value = pair[(name.Length + 1)..].ToString();
                if (accept(value, state))
                {
                    return value;
                }

                refused = true;
            }
        }

        return null;
    }
}
