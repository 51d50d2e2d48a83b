using System.Runtime.InteropServices;

namespace Kameleoon.Hybrid.Decisions;

/// <summary>A comparison of a text with an expected text: exact, contained or by regular expression.</summary>
[StructLayout(LayoutKind.Auto)]
internal readonly struct TextMatch
{
    private readonly string _expected;
    private readonly Operator _operator;
    private readonly SafePattern? _pattern;

    private TextMatch(Operator @operator, string expected, SafePattern? pattern)
    {
        _operator = @operator;
        _expected = expected;
        _pattern = pattern;
    }

    private enum Operator
    {
        Never,
        Any,
        Exact,
        Contains,
        Pattern,
    }

    internal static TextMatch AnyText { get; } = new(Operator.Any, "", pattern: null);

    /// <param name="matchType">The operator's name; an unknown one never matches.</param>
    /// <param name="expected">The text of the data file; null counts as empty.</param>
    /// <param name="warnings">Receives a warning for an unknown operator or an invalid pattern.</param>
    internal static TextMatch Create(string? matchType, string? expected, Warnings warnings)
    {
        var text = expected ?? "";
        switch (matchType)
        {
            case "EXACT":
                return new TextMatch(Operator.Exact, text, pattern: null);
            case "CONTAINS":
                return new TextMatch(Operator.Contains, text, pattern: null);
            case "REGULAR_EXPRESSION":
                var pattern = SafePattern.TryCreate(text, warnings);
                return new TextMatch(pattern is null ? Operator.Never : Operator.Pattern, text, pattern);
            default:
                warnings.Add($"The text operator {matchType ?? "(none)"} is unknown; its condition never holds.");
                return new TextMatch(Operator.Never, text, pattern: null);
        }
    }

    internal bool Matches(string actual) => _operator switch
    {
        Operator.Any => true,
        Operator.Exact => string.Equals(actual, _expected, StringComparison.Ordinal),
        Operator.Contains => actual.Contains(_expected, StringComparison.Ordinal),
        Operator.Pattern => _pattern!.IsMatch(actual),
        _ => false,
    };

    public override string ToString() => _operator switch
    {
        Operator.Any => "is anything",
        Operator.Exact => $"is \"{_expected}\"",
        Operator.Contains => $"contains \"{_expected}\"",
        Operator.Pattern => $"matches /{_expected}/",
        _ => "can never match",
    };
}
