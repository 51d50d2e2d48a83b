using System.Text.RegularExpressions;

namespace Kameleoon.Hybrid.Tests;

/// <summary>A request as it was, recorded or ours, in a form in which two of them are compared.</summary>
internal sealed partial record WireRequest(string Method, Uri Url, Dictionary<string, string> Headers, string Body)
{
    private static readonly string[] Transport = ["Content-Length", "Connection"];

    internal bool IsTracking => Url.AbsolutePath is "/visit/events";

    internal bool IsToken => Url.AbsolutePath is "/oauth/token";

    internal string[] Lines => Body.Split('\n', StringSplitOptions.RemoveEmptyEntries);

    internal static WireRequest Of(SentRequest sent) => new(sent.Method, sent.Url, sent.Headers, sent.Body);

    /// <summary>All of it: the parameters decoded and in one order, each nonce as the number of its first appearance.
    /// </summary>
    /// <param name="nonces">Those that appeared before.</param>
    /// <param name="isOrdered">Whether the order of the lines counts.</param>
    internal string Read(List<string> nonces, bool isOrdered)
    {
        var lines = Lines.Select(line => Parsed(line, IsTracking));
        lines = isOrdered ? lines : lines.OrderBy(line => line.Text, StringComparer.Ordinal);
        return string.Join('\n',
        [
            $"{Method} {Url.GetLeftPart(UriPartial.Path)}",
            Url.Query.Length > 1 ? Parsed(Url.Query[1..], hasNonce: false).Text : "",
            .. Headers.Where(IsOfTheProtocol).Select(header => $"{header.Key.ToUpperInvariant()}: {header.Value}").Order(StringComparer.Ordinal),
            .. lines.Select(line => $"{Number(line.Nonce, nonces)} {line.Text}"),
        ]);
    }

    /// <summary>The lines as they are but for what differs by nature.</summary>
    internal string[] Bytes() => [.. Lines.Select(line => Milliseconds.Replace(Nonce.Replace(line, "nonce=N"), "PreviousVisit=T"))];

    // What an HTTP client adds by itself, and a type of no content, say nothing.
    private bool IsOfTheProtocol(KeyValuePair<string, string> header) =>
        !Transport.Contains(header.Key, StringComparer.OrdinalIgnoreCase)
        && header is not { Key: "Accept", Value: "*/*" }
        && (Body.Length > 0 || header.Key != "Content-Type");

    private static (string Text, string? Nonce) Parsed(string line, bool hasNonce)
    {
        var pairs = line.Split('&').Select(pair => pair.Split('=', 2)).ToDictionary(
            pair => pair[0], pair => Uri.UnescapeDataString(pair[1]), StringComparer.Ordinal);
        pairs.Remove("nonce", out var nonce).ShouldBe(hasNonce, line);
        nonce?.ShouldMatch("^[0-9A-F]{16}$");
        if (pairs.TryGetValue("timeSincePreviousVisit", out var time))
        {
            time.ShouldMatch("^[0-9]+$");
            pairs["timeSincePreviousVisit"] = "T";
        }

        return (string.Join(' ', pairs.Select(pair => $"{pair.Key}={IdleZeros.Replace(pair.Value, "${number}")}").Order(StringComparer.Ordinal)), nonce);
    }

    private static string Number(string? nonce, List<string> known)
    {
        if (nonce is null)
        {
            return "-";
        }

        if (!known.Contains(nonce))
        {
            known.Add(nonce);
        }

        return "N" + known.IndexOf(nonce);
    }

    // 48.856600 and 16.500000 are how one of them writes numbers.
    [GeneratedRegex(@"^(?<number>-?\d+\.\d*[1-9])0+$", RegexOptions.ExplicitCapture | RegexOptions.NonBacktracking)]
    private static partial Regex IdleZeros { get; }

    [GeneratedRegex("nonce=[0-9A-F]{16}", RegexOptions.NonBacktracking)]
    private static partial Regex Nonce { get; }

    [GeneratedRegex("PreviousVisit=[0-9]+", RegexOptions.NonBacktracking)]
    private static partial Regex Milliseconds { get; }
}
