using System.Globalization;

namespace Kameleoon.Hybrid.Decisions;

/// <summary>Compares values that are numbers with one number.</summary>
internal sealed class NumberCustomDataCondition(ConditionDocument source) : CustomDataCondition(source)
{
    private readonly NumberMatch _match = new(source.Fields.ValueMatchType);
    private readonly double _expected = Parse(source.Fields.Value);

    protected override string WantedValue => _match.Describe(_expected);

    /// <returns>The number, or NaN, which no comparison accepts.</returns>
    internal static double Parse(string? text) =>
        double.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out var number) ? number : double.NaN;

    protected override bool Passes(string value) => _match.Matches(Parse(value), _expected);
}

internal sealed class RangeCustomDataCondition(ConditionDocument source) : CustomDataCondition(source)
{
    private readonly double _low = source.Fields.Range is [var low, _, ..] ? low : double.NaN;
    private readonly double _high = source.Fields.Range is [_, var high, ..] ? high : double.NaN;

    protected override string WantedValue => string.Create(
        CultureInfo.InvariantCulture, $"is from {_low} to {_high}");

    protected override bool Passes(string value)
    {
        var number = NumberCustomDataCondition.Parse(value);
        return _low <= number && number <= _high;
    }
}
