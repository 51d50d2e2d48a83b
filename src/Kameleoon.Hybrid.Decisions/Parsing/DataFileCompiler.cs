using System.Collections.Frozen;
using System.Collections.Immutable;

namespace Kameleoon.Hybrid.Decisions;

/// <summary>Compiles a document into the lookups that deciding uses, so that deciding parses nothing.</summary>
internal sealed class DataFileCompiler(DataFileDocument document)
{
    private readonly List<string> _warnings = [];
    private readonly Dictionary<long, Segment> _segments = [];
    private readonly Dictionary<long, int> _customDataIndexes = [];

    internal IReadOnlyList<string> Warnings => _warnings;

    internal Holdout? Holdout { get; private set; }

    internal int? MappingIndex { get; private set; }

    internal ImmutableArray<FeatureFlag> Compile()
    {
        if (document.Configuration is null)
        {
            _warnings.Add("The data file has no configuration object; every setting of the site takes its default.");
        }

        CompileCustomData();
        foreach (var segment in Present(document.Segments))
        {
            _segments[segment.Id ?? 0] = CompileSegment(segment);
        }

        Holdout = document.Holdout is { } holdout
            ? new Holdout(holdout.ExperimentId ?? 0, CompileHoldout(holdout))
            : null;
        return CompileFlags();
    }

    private void CompileCustomData()
    {
        foreach (var slot in Present(document.CustomData))
        {
            if (slot.Index is not { } index)
            {
                _warnings.Add($"Custom data {slot.Id} has no index and is left out.");
                continue;
            }

            if (slot.Id is { } id)
            {
                _customDataIndexes[id] = index;
            }

            if (slot.IsMappingIdentifier == true)
            {
                if (MappingIndex is not null)
                {
                    _warnings.Add($"Several custom data are mapping identifiers; index {index} is used.");
                }

                MappingIndex = index;
            }
        }
    }

    private static Segment CompileSegment(SegmentDocument segment)
    {
        var unsupported = Present(segment.ConditionsData?.FirstLevel)
            .SelectMany(group => Present(group.Conditions))
            .Select(condition => condition.TargetingType ?? "(none)")
            .Distinct(StringComparer.Ordinal)
            .ToArray();
        return unsupported.Length == 0 ? Segment.Everybody : new Segment(unsupported);
    }

    private static ImmutableArray<ExposedVariation> CompileHoldout(HoldoutDocument holdout) =>
    [
        .. Present(holdout.VariationByExposition).Select(entry => new ExposedVariation(
            Variation.Bare(entry.VariationKey ?? "").Exposed(entry.VariationId, holdout.ExperimentId ?? 0),
            entry.Exposition ?? 0)),
    ];

    private ImmutableArray<FeatureFlag> CompileFlags()
    {
        // The later of two flags of one key wins, in the place of the first.
        var flags = new OrderedDictionary<string, FeatureFlag>(StringComparer.Ordinal);
        var groups = new Dictionary<string, List<FeatureFlag>>(StringComparer.Ordinal);
        foreach (var source in Present(document.FeatureFlags))
        {
            flags[source.FeatureKey ?? ""] = CompileFlag(source);
        }

        foreach (var source in Present(document.FeatureFlags).Where(flag => flag.MutuallyExclusiveGroup is not (null or "")))
        {
            var flag = flags[source.FeatureKey ?? ""];
            var members = groups.TryGetValue(source.MutuallyExclusiveGroup!, out var known) ? known : [];
            groups[source.MutuallyExclusiveGroup!] = members;
            if (!members.Contains(flag))
            {
                members.Add(flag);
            }
        }

        foreach (var (name, members) in groups)
        {
            var group = new ExclusiveGroup(name, [.. members.OrderBy(flag => flag.Id)]);
            members.ForEach(flag => flag.Group = group);
        }

        return [.. flags.Values];
    }

    private FeatureFlag CompileFlag(FlagDocument source)
    {
        var key = source.FeatureKey ?? "";
        var variations = new Dictionary<string, Variation>(StringComparer.Ordinal);
        foreach (var variation in Present(source.Variations))
        {
            // Unlike flags, the first of two variations of one key wins.
            variations.TryAdd(variation.Key ?? "", CompileVariation(variation));
        }

        var bucketingIndex = source.BucketingCustomDataId is { } id and not 0
            && _customDataIndexes.TryGetValue(id, out var index) ? index : (int?)null;
        return new FeatureFlag(
            source.Id ?? 0,
            key,
            source.EnvironmentEnabled ?? false,
            source.DefaultVariationKey ?? "",
            variations.ToFrozenDictionary(StringComparer.Ordinal),
            [.. Present(source.Rules).Select(rule => CompileRule(key, rule, variations))],
            bucketingIndex);
    }

    private static Variation CompileVariation(VariationDocument source)
    {
        var variables = new Dictionary<string, Variable>(StringComparer.Ordinal);
        foreach (var variable in Present(source.Variables))
        {
            var key = variable.Key ?? "";
            variables[key] = Variable.From(key, variable.Type ?? "", variable.Value);
        }

        return new Variation(
            source.Key ?? "",
            source.Name ?? "",
            variables.ToFrozenDictionary(StringComparer.Ordinal),
            DecisionReason.Default);
    }

    private Rule CompileRule(string flagKey, RuleDocument source, Dictionary<string, Variation> variations)
    {
        var id = source.Id ?? 0;
        var experimentId = source.ExperimentId ?? 0;
        var segment = source.SegmentId is { } segmentId && _segments.TryGetValue(segmentId, out var found)
            ? found
            : Segment.Everybody;
        if (!segment.Matches)
        {
            _warnings.Add($"Rule {id} of flag {flagKey} does not apply: its segment {source.SegmentId} uses targeting "
                + $"conditions that are not supported ({string.Join(", ", segment.UnsupportedConditions)}).");
        }

        var exposed = ImmutableArray.CreateRange(Present(source.VariationByExposition), entry =>
        {
            var key = entry.VariationKey ?? "";
            var variation = variations.GetValueOrDefault(key) ?? Variation.Bare(key);
            return new ExposedVariation(variation.Exposed(entry.VariationId, experimentId), entry.Exposition ?? 0);
        });
        return new Rule(
            id,
            experimentId,
            source.Type is "TARGETED_DELIVERY",
            source.Exposition ?? 0,
            HashedId.Of(id, source.RespoolTime),
            HashedId.Of(experimentId, source.RespoolTime),
            segment,
            exposed,
            exposed.Where(entry => variations.ContainsKey(entry.Variation.Key))
                .DistinctBy(entry => entry.Variation.Key, StringComparer.Ordinal)
                .ToFrozenDictionary(entry => entry.Variation.Key, entry => entry.Variation, StringComparer.Ordinal));
    }

    private static ImmutableArray<T> Present<T>(List<T?>? items)
        where T : class => items is null ? [] : [.. items.OfType<T>()];
}
