using System.Globalization;

namespace Kameleoon.Hybrid.Decisions;

/// <summary>Compares custom data values that are numbers with an expected number.</summary>
internal sealed class NumberCustomDataCondition(ConditionSource source) : CustomDataCondition(source)
{
    private readonly NumberMatch _match = new(source.Fields.ValueMatchType);
    private readonly double _expected = Parse(source.Fields.Value);

    protected override string ExpectedValue => _match.Describe(_expected);

    /// <returns>The number, or NaN for other text; a comparison with NaN is never true.</returns>
    internal static double Parse(string? text) =>
        double.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out var number) ? number : double.NaN;

    protected override bool Passes(string value) => _match.Matches(Parse(value), _expected);
}
