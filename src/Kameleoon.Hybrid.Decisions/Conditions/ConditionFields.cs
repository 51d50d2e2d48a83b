using System.Runtime.InteropServices;

namespace Kameleoon.Hybrid.Decisions;

/// <summary>The fields of conditions of all types, as read from the data file; each type uses some of them.</summary>
[StructLayout(LayoutKind.Auto)]
internal record struct ConditionFields
{
    internal bool? IsInclude { get; set; }

    internal string? CustomDataIndex { get; set; }

    internal string? ValueMatchType { get; set; }

    internal string? Value { get; set; }

    internal double[]? Range { get; set; }

    internal string? Name { get; set; }

    internal string? NameMatchType { get; set; }

    internal string? MatchType { get; set; }

    internal string? Url { get; set; }

    internal string? Title { get; set; }

    internal string? VisitorCode { get; set; }

    internal long? PageCount { get; set; }

    internal string? Device { get; set; }

    internal string? Browser { get; set; }

    internal string? Os { get; set; }

    internal string? Version { get; set; }

    internal string? VersionMatchType { get; set; }

    internal string? SdkLanguage { get; set; }

    internal string? Country { get; set; }

    internal string? Region { get; set; }

    internal string? City { get; set; }

    internal long? SegmentId { get; set; }

    internal long? FeatureFlagId { get; set; }

    internal long? RuleId { get; set; }

    internal string? VariationKey { get; set; }

    internal long? ExperimentId { get; set; }

    internal long? VariationId { get; set; }

    internal string? VariationMatchType { get; set; }

    internal long? PersonalizationId { get; set; }

    internal string? CampaignType { get; set; }

    internal long? GoalId { get; set; }

    internal long? KeyMomentId { get; set; }

    internal double? LowerBound { get; set; }

    internal double? UpperBound { get; set; }

    internal string? VisitorType { get; set; }

    internal long? VisitCount { get; set; }

    internal string? VisitScope { get; set; }

    internal long? CountInMillis { get; set; }

    internal double? Count { get; set; }

    internal string? UnitOfTime { get; set; }
}
