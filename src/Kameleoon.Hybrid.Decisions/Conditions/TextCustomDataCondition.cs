namespace Kameleoon.Hybrid.Decisions;

/// <summary>Compares custom data values with an expected text.</summary>
internal sealed class TextCustomDataCondition(ConditionSource source, Warnings warnings) : CustomDataCondition(source)
{
    private readonly TextMatch _match = TextMatch.Create(source.Fields.ValueMatchType, source.Fields.Value, warnings);

    protected override string ExpectedValue => _match.ToString();

    protected override bool Passes(string value) => _match.Matches(value);
}
