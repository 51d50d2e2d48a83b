using System.Buffers;

namespace Kameleoon.Hybrid.Sandbox;

/// <summary>Parses one line of <c>name=value</c> pairs. A line that cannot be parsed gives an event with violations.
/// </summary>
internal static class EventLineParser
{
    private const int NonceLength = 16;
    private const int MaxVisitorCode = 255;
    private const int DocumentedVisitorCode = 100;

    private static readonly SearchValues<char> Hexadecimal = SearchValues.Create("0123456789abcdefABCDEF");

    internal static EventLine Parse(ReadOnlySpan<char> line, string? urlVisitorCode, string? requestProblem)
    {
        var violations = new Violations();
        var pairs = Split(line, violations);
        var type = Take(pairs, "eventType");
        var nonce = Take(pairs, "nonce");
        var code = VisitorOf(pairs, urlVisitorCode, violations);

        if (nonce is not { Length: NonceLength } || nonce.AsSpan().ContainsAnyExcept(Hexadecimal))
        {
            violations.Add(nonce is null ? "nonce is missing." : "nonce is not 16 hexadecimal characters.");
        }

        var canonical = EventTypes.Check(type, pairs, violations);
        var kept = EventFieldLimits.Of(pairs, EventTypes.FieldsOf(canonical), violations);
        var counts = violations.IsEmpty;

        if (counts && code is { Length: > DocumentedVisitorCode })
        {
            violations.Add("visitorCode is longer than the 100 characters that the platform documents.");
        }

        if (requestProblem is not null)
        {
            violations.Add(requestProblem);
        }

        return new EventLine(canonical, nonce, code, kept, violations.Sentences, counts);
    }

    private static Dictionary<string, string> Split(ReadOnlySpan<char> line, Violations violations)
    {
        var pairs = new Dictionary<string, string>(StringComparer.Ordinal);
        foreach (var range in line.Split('&'))
        {
            var pair = line[range];
            var equals = pair.IndexOf('=');
            if (equals <= 0)
            {
                violations.Add($"\"{Violations.Quote(pair)}\" is not a name=value pair.");
                continue;
            }

            var name = Uri.UnescapeDataString(pair[..equals]);
            if (!IsEncoded(pair[(equals + 1)..]))
            {
                violations.Add($"{Violations.Quote(name)} is not percent-encoded.");
            }

            if (!pairs.TryAdd(name, Clean(Uri.UnescapeDataString(pair[(equals + 1)..]))))
            {
                violations.Add($"{Violations.Quote(name)} stands twice.");
            }
        }

        return pairs;
    }

    // JSON in a field is read later, by what shows the event.
    private static string Clean(string value) =>
        value.AsSpan().TrimStart() is ['{' or '[', ..] ? HalfPairs.Replace(value) : value;

    private static bool IsEncoded(ReadOnlySpan<char> value)
    {
        for (var at = value.IndexOf('%'); at >= 0; at = value.IndexOf('%'))
        {
            if (value.Length < at + 3 || value.Slice(at + 1, 2).ContainsAnyExcept(Hexadecimal))
            {
                return false;
            }

            value = value[(at + 3)..];
        }

        return true;
    }

    private static string? VisitorOf(Dictionary<string, string> pairs, string? urlCode, Violations violations)
    {
        var own = Take(pairs, "visitorCode");
        if (own is not null && urlCode is not null)
        {
            violations.Add("visitorCode stands in the URL and in the line.");
        }

        var code = urlCode ?? own ?? pairs.GetValueOrDefault("mappingValue");
        if (string.IsNullOrEmpty(code))
        {
            violations.Add("No visitor: neither visitorCode nor mappingValue.");
            return null;
        }

        if (code.Length > MaxVisitorCode)
        {
            violations.Add("visitorCode is longer than 255 characters.");
            return Cutting.Cut(code, MaxVisitorCode);
        }

        return code;
    }

    private static string? Take(Dictionary<string, string> pairs, string name) =>
        pairs.Remove(name, out var value) ? value : null;
}
