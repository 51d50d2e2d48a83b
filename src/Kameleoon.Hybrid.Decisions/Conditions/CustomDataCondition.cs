using System.Globalization;

namespace Kameleoon.Hybrid.Decisions;

/// <summary>Tests the values of a custom data slot; one matching value is enough.</summary>
internal abstract class CustomDataCondition(ConditionSource source) : Condition(source)
{
    private readonly int _index = IndexOrMinusOne(source.Fields.CustomDataIndex);

    internal sealed override FactDependency DependsOn => FactDependency.Session;

    internal sealed override string Expected =>
        $"{(_index < 0 ? "of no index" : _index.ToString(CultureInfo.InvariantCulture))} {ExpectedValue}";

    protected abstract string ExpectedValue { get; }

    internal static CustomDataCondition Create(ConditionSource source, TargetingCatalogue catalogue) =>
        source.Fields.ValueMatchType switch
        {
            "UNDEFINED" => new UndefinedCustomDataCondition(source),
            "LOWER" or "EQUAL" or "GREATER" => new NumberCustomDataCondition(source),
            "TRUE" or "FALSE" => new BooleanCustomDataCondition(source),
            "AMONG_VALUES" => new AmongCustomDataCondition(source, catalogue.Warnings),
            "RANGE" => new RangeCustomDataCondition(source),
            _ => new TextCustomDataCondition(source, catalogue.Warnings),
        };

    internal sealed override string? GetActual(IVisitorFacts visitor) =>
        Values(visitor) is { } values ? $"\"{string.Join("\", \"", values)}\"" : null;

    protected IReadOnlyList<string>? Values(IVisitorFacts visitor) =>
        _index < 0 ? null : visitor.GetCustomData(_index);

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

    private static int IndexOrMinusOne(string? text) =>
        int.TryParse(text, NumberStyles.Integer, CultureInfo.InvariantCulture, out var index) && index >= 0
            ? index
            : -1;
}
