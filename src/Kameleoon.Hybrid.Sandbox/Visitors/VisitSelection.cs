using Microsoft.AspNetCore.Http;

namespace Kameleoon.Hybrid.Sandbox;

/// <summary>The parts of a visitor's history that the caller asks for. Other parts are left out.</summary>
internal sealed record VisitSelection(IReadOnlySet<string> Types, bool CurrentVisit, bool Kcs, bool Cbs)
{
    // The parameter, the event type, and what the list of its events is called.
    internal static readonly (string Parameter, string Type, string List)[] Lists =
    [
        ("customData", "customData", "customDataEvents"),
        ("page", "page", "pageEvents"),
        ("experiment", "experiment", "experimentEvents"),
        ("personalization", "personalization", "personalizationEvents"),
        ("conversion", "conversion", "conversionEvents"),
        ("geolocation", "geolocation", "geolocationEvents"),
        ("targetingSegment", "targetingSegment", "targetingSegmentEvents"),
        ("weather", "weather", "weatherEvents"),
        ("product", "product", "productEvents"),
    ];

    internal static VisitSelection Of(IQueryCollection query)
    {
        var all = Is("all");
        return new VisitSelection(
            Lists.Where(list => all || Is(list.Parameter)).Select(list => list.Type)
                .Concat(all || Is("staticData") ? ["staticData"] : Array.Empty<string>())
                .ToHashSet(StringComparer.Ordinal),
            all || Is("currentVisit"),
            all || Is("kcs"),
            all || Is("cbs"));

        bool Is(string name) => string.Equals(query[name], "true", StringComparison.Ordinal);
    }
}
