namespace Kameleoon.Hybrid.Decisions;

/// <summary>Tests where the visitor is; region and city only where the data file gives them.</summary>
internal sealed class LocationCondition(ConditionSource source) : Condition(source)
{
    private readonly string _country = source.Fields.Country ?? "";
    private readonly string _region = source.Fields.Region ?? "";
    private readonly string _city = source.Fields.City ?? "";

    internal override FactDependency DependsOn => FactDependency.Request;

    internal override string Expected => $"is {Describe(_country, _region, _city)}";

    internal override string? GetActual(IVisitorFacts visitor) =>
        visitor.Location is { } location ? Describe(location.Country, location.Region, location.City) : null;

    protected override bool Holds(ref TargetingContext context) =>
        _country.Length > 0
        && context.Visitor.Location is { } location
        && Same(location.Country, _country)
        && (_region.Length == 0 || Same(location.Region, _region))
        && (_city.Length == 0 || Same(location.City, _city));

    private static bool Same(string? actual, string expected) =>
        string.Equals(actual, expected, StringComparison.OrdinalIgnoreCase);

    private static string Describe(params ReadOnlySpan<string?> parts)
    {
        var words = new List<string>(parts.Length);
        foreach (var part in parts)
        {
            if (!string.IsNullOrEmpty(part))
            {
                words.Add(part);
            }
        }

        return string.Join(", ", words);
    }
}
