using System.Globalization;

namespace Kameleoon.Hybrid.Decisions;

/// <summary>Asks for the values of a custom data slot; one that passes is enough.</summary>
internal abstract class CustomDataCondition(ConditionDocument source) : Condition(source)
{
    private readonly int? _index = Index(source.Fields.CustomDataIndex);

    internal sealed override Basis Basis => Basis.Session;

    internal sealed override string Wanted =>
        $"{_index?.ToString(CultureInfo.InvariantCulture) ?? "of no index"} {WantedValue}";

    protected abstract string WantedValue { get; }

    internal static CustomDataCondition Of(ConditionDocument source, TargetingCatalogue catalogue) =>
        source.Fields.ValueMatchType switch
        {
            "UNDEFINED" => new UndefinedCustomDataCondition(source),
            "LOWER" or "EQUAL" or "GREATER" => new NumberCustomDataCondition(source),
            "TRUE" or "FALSE" => new BooleanCustomDataCondition(source),
            "AMONG_VALUES" => new AmongCustomDataCondition(source, catalogue.Warnings),
            "RANGE" => new RangeCustomDataCondition(source),
            _ => new TextCustomDataCondition(source, catalogue.Warnings),
        };

    internal sealed override string? Found(IVisitorFacts visitor) =>
        Values(visitor) is { } values ? $"\"{string.Join("\", \"", values)}\"" : null;

    protected IReadOnlyList<string>? Values(IVisitorFacts visitor) =>
        _index is { } index ? visitor.GetCustomData(index) : null;

    protected override bool Holds(ref TargetingContext context)
    {
        if (Values(context.Visitor) is not { } values)
        {
            return false;
        }

        for (var i = 0; i < values.Count; i++)
        {
            if (Passes(values[i]))
            {
                return true;
            }
        }

        return false;
    }

    protected abstract bool Passes(string value);

    private static int? Index(string? text) =>
        int.TryParse(text, NumberStyles.Integer, CultureInfo.InvariantCulture, out var index) && index >= 0
            ? index
            : null;
}

internal sealed class UndefinedCustomDataCondition(ConditionDocument source) : CustomDataCondition(source)
{
    protected override string WantedValue => "is unknown";

    protected override bool Holds(ref TargetingContext context) => Values(context.Visitor) is null;

    protected override bool Passes(string value) => false;
}

internal sealed class TextCustomDataCondition(ConditionDocument source, Warnings warnings) : CustomDataCondition(source)
{
    private readonly TextMatch _match = TextMatch.Of(source.Fields.ValueMatchType, source.Fields.Value, warnings);

    protected override string WantedValue => _match.ToString();

    protected override bool Passes(string value) => _match.Matches(value);
}

internal sealed class BooleanCustomDataCondition(ConditionDocument source) : CustomDataCondition(source)
{
    private readonly string _expected = source.Fields.ValueMatchType is "TRUE" ? "true" : "false";

    protected override string WantedValue => $"is {_expected}";

    protected override bool Passes(string value) => value.Equals(_expected, StringComparison.OrdinalIgnoreCase);
}
