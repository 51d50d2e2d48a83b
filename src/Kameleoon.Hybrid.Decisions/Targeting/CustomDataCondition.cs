using System.Globalization;
using System.Text.Json;

namespace Kameleoon.Hybrid.Decisions;

/// <summary>Asks for the values of a custom data slot; one that passes is enough.</summary>
internal abstract class CustomDataCondition(ConditionDocument source) : Condition(source)
{
    // A slot that no visitor can have stands for an index that is no integer.
    private readonly int _index = Index(source.Fields.CustomDataIndex) ?? int.MinValue;

    internal sealed override string Wanted => string.Create(CultureInfo.InvariantCulture, $"{_index} {WantedValue}");

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
        visitor.GetCustomData(_index) is { } values ? $"\"{string.Join("\", \"", values)}\"" : null;

    protected IReadOnlyList<string>? Values(ref TargetingContext context) => context.Visitor.GetCustomData(_index);

    protected override bool Holds(ref TargetingContext context)
    {
        if (Values(ref context) is not { } values)
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

    private static int? Index(JsonElement? index) => index switch
    {
        { ValueKind: JsonValueKind.Number } number => number.TryGetInt32(out var value) ? value : null,
        { ValueKind: JsonValueKind.String } text =>
            int.TryParse(text.GetString(), NumberStyles.Integer, CultureInfo.InvariantCulture, out var value) ? value : null,
        _ => null,
    };
}

internal sealed class UndefinedCustomDataCondition(ConditionDocument source) : CustomDataCondition(source)
{
    protected override string WantedValue => "is unknown";

    protected override bool Holds(ref TargetingContext context) => Values(ref context) is null;

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
