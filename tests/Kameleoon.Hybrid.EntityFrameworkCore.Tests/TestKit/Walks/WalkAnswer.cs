using System.Globalization;
using System.Text.RegularExpressions;

namespace Kameleoon.Hybrid.EntityFrameworkCore.Tests;

/// <summary>What a server answered.</summary>
/// <param name="Status">The status.</param>
/// <param name="Code">The visitor code of the request.</param>
/// <param name="Body">The body.</param>
internal sealed partial record WalkAnswer(int Status, string Code, string Body)
{
    /// <summary>The flags and variations that the tag passes to the engine.</summary>
    internal IEnumerable<(int Flag, string Variation)> ForEngine => Assigned().Matches(Body).Select(static match =>
        WalkOracle.NameOf(long.Parse(match.Groups["variation"].Value, CultureInfo.InvariantCulture)));

    /// <summary>The address by which the page tells that its engine did not run.</summary>
    internal string? Seen => Told().Match(Body) is { Success: true } match ? Regex.Unescape(match.Groups["address"].Value) : null;

    [GeneratedRegex(@"assignVariation',\d+,(?<variation>\d+)", RegexOptions.None, matchTimeoutMilliseconds: 10_000)]
    private static partial Regex Assigned();

    [GeneratedRegex("var u=\"(?<address>[^\"]+)\"", RegexOptions.None, matchTimeoutMilliseconds: 10_000)]
    private static partial Regex Told();
}
