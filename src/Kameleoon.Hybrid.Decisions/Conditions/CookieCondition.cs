namespace Kameleoon.Hybrid.Decisions;

/// <summary>Asks for the value of a cookie; one of those with a fitting name is enough.</summary>
internal sealed class CookieCondition(ConditionDocument source, TargetingCatalogue catalogue) : Condition(source)
{
    private readonly TextMatch _name = source.Fields.NameMatchType is "OPTIONAL"
        ? TextMatch.AnyText
        : TextMatch.Of(source.Fields.NameMatchType, source.Fields.Name, catalogue.Warnings);

    private readonly TextMatch _value =
        TextMatch.Of(source.Fields.ValueMatchType, source.Fields.Value, catalogue.Warnings);

    internal override Basis Basis => Basis.Request;

    internal override string Wanted => $"whose name {_name}: its value {_value}";

    internal override string? Found(IVisitorFacts visitor) =>
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
