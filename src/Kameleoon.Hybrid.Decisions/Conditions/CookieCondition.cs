namespace Kameleoon.Hybrid.Decisions;

/// <summary>Tests the values of the cookies whose name matches; one matching value is enough.</summary>
internal sealed class CookieCondition(ConditionSource source, TargetingCatalogue catalogue) : Condition(source)
{
    private readonly TextMatch _name = source.Fields.NameMatchType is "OPTIONAL"
        ? TextMatch.AnyText
        : TextMatch.Create(source.Fields.NameMatchType, source.Fields.Name, catalogue.Warnings);

    private readonly TextMatch _value =
        TextMatch.Create(source.Fields.ValueMatchType, source.Fields.Value, catalogue.Warnings);

    internal override FactDependency DependsOn => FactDependency.Request;

    internal override string Expected => $"whose name {_name}: its value {_value}";

    internal override string? GetActual(IVisitorFacts visitor) =>
        visitor.Cookies is { } cookies && cookies.Where(cookie => _name.Matches(cookie.Key)).ToArray() is [_, ..] found
            ? string.Join(", ", found.Select(cookie => $"{cookie.Key}={cookie.Value}"))
            : null;

    protected override bool Holds(ref TargetingContext context)
    {
        if (context.Visitor.Cookies is not { } cookies)
        {
            return false;
        }

        for (var i = 0; i < cookies.Count; i++)
        {
            var (name, value) = cookies[i];
            if (_name.Matches(name) && _value.Matches(value))
            {
                return true;
            }
        }

        return false;
    }
}
