using System.Globalization;

namespace Kameleoon.Hybrid.Decisions;

/// <summary>Tests whether a custom data value is a number within a range, both ends included.</summary>
internal sealed class RangeCustomDataCondition(ConditionSource source) : CustomDataCondition(source)
{
    private readonly double _low = source.Fields.Range is [var low, _, ..] ? low : double.NaN;
    private readonly double _high = source.Fields.Range is [_, var high, ..] ? high : double.NaN;

    protected override string ExpectedValue => string.Create(
        CultureInfo.InvariantCulture, $"is from {_low} to {_high}");

    protected override bool Passes(string value)
    {
        var number = NumberCustomDataCondition.Parse(value);
        return _low <= number && number <= _high;
    }
}
