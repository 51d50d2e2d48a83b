using System.Globalization;
using System.Numerics;

namespace Kameleoon.Hybrid.Decisions;

/// <summary>A comparison of numbers: equal, greater or lower. An unknown operator never matches.</summary>
internal readonly struct NumberMatch(string? matchType)
{
    private readonly Operator _operator = matchType switch
    {
        "EQUAL" => Operator.Equal,
        "GREATER" => Operator.Greater,
        "LOWER" => Operator.Lower,
        _ => Operator.Never,
    };

    private enum Operator
    {
        Never,
        Equal,
        Greater,
        Lower,
    }

    internal bool Matches<T>(T actual, T expected)
        where T : INumber<T> => _operator switch
        {
            Operator.Equal => actual == expected,
            Operator.Greater => actual > expected,
            Operator.Lower => actual < expected,
            _ => false,
        };

    internal bool Matches(VersionNumber actual, VersionNumber expected) =>
        Matches(VersionNumber.Compare(actual, expected), 0);

    internal string Describe<T>(T expected)
        where T : IFormattable => _operator switch
        {
            Operator.Equal => string.Create(CultureInfo.InvariantCulture, $"is {expected}"),
            Operator.Greater => string.Create(CultureInfo.InvariantCulture, $"is above {expected}"),
            Operator.Lower => string.Create(CultureInfo.InvariantCulture, $"is below {expected}"),
            _ => "can never match",
        };
}
