using System.Collections.Frozen;

namespace Kameleoon.Hybrid.Decisions;

/// <summary>Creates conditions by the type that the data file gives.</summary>
/// <remarks>A type that servers cannot test becomes an <see cref="UnsupportedCondition"/>.</remarks>
internal static class ConditionFactory
{
    private static readonly FrozenDictionary<string, Func<ConditionSource, TargetingCatalogue, Condition>> Factories =
        new Dictionary<string, Func<ConditionSource, TargetingCatalogue, Condition>>(StringComparer.Ordinal)
        {
            ["APPLICATION_VERSION"] = (source, _) => new ApplicationVersionCondition(source),
            ["BROWSER"] = (source, _) => new BrowserCondition(source),
            ["CONVERSIONS"] = (source, _) => new ConversionCondition(source),
            ["COOKIE"] = (source, catalogue) => new CookieCondition(source, catalogue),
            ["CUSTOM_DATUM"] = CustomDataCondition.Create,
            ["DEVICE_TYPE"] = (source, _) => new DeviceCondition(source),
            ["EXCLUSIVE_EXPERIMENT"] = (source, _) => new ExclusiveCondition(source),
            ["FIRST_VISIT"] = (source, _) => new VisitAgeCondition(source, first: true),
            ["GEOLOCATION"] = (source, _) => new LocationCondition(source),
            ["HEAT_SLICE"] = (source, _) => new LikelihoodCondition(source),
            ["LAST_VISIT"] = (source, _) => new VisitAgeCondition(source, first: false),
            ["NEW_VISITORS"] = (source, _) => new NewVisitorsCondition(source),
            ["OPERATING_SYSTEM"] = (source, _) => new OperatingSystemCondition(source),
            ["PAGE_TITLE"] = (source, catalogue) => new PageTitleCondition(source, catalogue),
            ["PAGE_URL"] = (source, catalogue) => new PageUrlCondition(source, catalogue),
            ["PAGE_VIEWS"] = (source, _) => new PageViewsCondition(source),
            ["PREVIOUS_PAGE"] = (source, catalogue) => new PreviousPageCondition(source, catalogue),
            ["SAME_DAY_VISITS"] = (source, _) => new SameDayVisitsCondition(source),
            ["SDK_LANGUAGE"] = (source, _) => new SdkLanguageCondition(source),
            ["SEGMENT"] = (source, catalogue) => new SegmentCondition(source, catalogue),
            ["TARGET_EXPERIMENT"] = (source, _) => new ExperimentCondition(source),
            ["TARGET_FEATURE_FLAG"] = (source, catalogue) => new FeatureFlagCondition(source, catalogue),
            ["TARGET_PERSONALIZATION"] = (source, _) => new PersonalizationCondition(source),
            ["VISITOR_CODE"] = (source, catalogue) => new VisitorCodeCondition(source, catalogue),
            ["VISITS"] = (source, _) => new VisitsCondition(source),
        }.ToFrozenDictionary(StringComparer.Ordinal);

    internal static IEnumerable<string> SupportedTypes => Factories.Keys;

    internal static bool IsSupported(string? type) => type is not null && Factories.ContainsKey(type);

    internal static Condition Create(ConditionSource source, TargetingCatalogue catalogue)
    {
        if (source.TargetingType is { } type && Factories.TryGetValue(type, out var create))
        {
            return create(source, catalogue);
        }

        catalogue.Warnings.Add(
            $"Targeting conditions of type {source.TargetingType ?? "(none)"} cannot be judged and are taken as true.");
        return new UnsupportedCondition(source);
    }
}
