using System.Collections.Frozen;
using System.Collections.Immutable;

namespace Kameleoon.Hybrid.Decisions;

/// <summary>Compiles a document into the lookups that deciding uses, so that deciding parses nothing.</summary>
internal sealed class DataFileCompiler
{
    private readonly Warnings _warnings = new();
    private readonly CustomDataCompiler _customData;
    private readonly SegmentCompiler _segments;
    private readonly ImmutableArray<FeatureFlag> _flags;

    internal DataFileCompiler(DataFileDocument document)
    {
        _customData = new CustomDataCompiler(_warnings);
        _segments = new SegmentCompiler(_warnings);
        if (document.Configuration is null)
        {
            _warnings.Add("The data file has no configuration object; every setting of the site takes its default.");
        }

        // The later of two flags of one key wins, in the place of the first.
        var sources = new OrderedDictionary<string, FlagDocument>(StringComparer.Ordinal);
        foreach (var source in Present(document.FeatureFlags))
        {
            sources[source.FeatureKey ?? ""] = source;
        }

        _customData.Compile(Present(document.CustomData));
        _segments.Compile(Present(document.Segments), sources.Values);
        _flags = [.. sources.Values.Select(CompileFlag)];
        CompileGroups(sources.Values);
        Site = CompileSite(document);
    }

    internal IReadOnlyList<string> Warnings => _warnings.ToList();

    internal ImmutableArray<FeatureFlag> Flags => _flags;

    internal Segment[] Audiences => _segments.Audiences;

    internal Site Site { get; }

    internal CustomDataCompiler CustomData => _customData;

    private Site CompileSite(DataFileDocument document)
    {
        var behavior = document.Configuration?.ConsentOptOutBehavior;
        if (behavior is not (null or "PARTIALLY_BLOCK" or "FULLY_BLOCK"))
        {
            _warnings.Add($"The opt-out behaviour {behavior} is unknown and taken as PARTIALLY_BLOCK.");
        }

        var holdout = document.Holdout is { } source
            ? new Holdout(source.ExperimentId ?? 0, CompileHoldout(source))
            : null;
        return new Site(holdout, document.Configuration?.ConsentType is "REQUIRED", behavior is "FULLY_BLOCK");
    }

    private static ImmutableArray<ExposedVariation> CompileHoldout(HoldoutDocument holdout) =>
    [
        .. Present(holdout.VariationByExposition).Select(entry => new ExposedVariation(
            Variation.Bare(entry.VariationKey ?? "").Exposed(entry.VariationId, holdout.ExperimentId ?? 0),
            entry.Exposition ?? 0)),
    ];

    private void CompileGroups(IEnumerable<FlagDocument> sources)
    {
        foreach (var members in sources
            .Zip(_flags)
            .Where(pair => pair.First.MutuallyExclusiveGroup is not (null or ""))
            .GroupBy(pair => pair.First.MutuallyExclusiveGroup!, pair => pair.Second, StringComparer.Ordinal))
        {
            var group = new ExclusiveGroup(members.Key, [.. members.OrderBy(flag => flag.Id)]);
            foreach (var flag in members)
            {
                flag.Group = group;
            }
        }
    }

    private FeatureFlag CompileFlag(FlagDocument source)
    {
        var variations = new Dictionary<string, Variation>(StringComparer.Ordinal);
        foreach (var variation in Present(source.Variations))
        {
            // Unlike flags, the first of two variations of one key wins.
            variations.TryAdd(variation.Key ?? "", CompileVariation(variation));
        }

        return new FeatureFlag(
            source.Id ?? 0,
            source.FeatureKey ?? "",
            source.EnvironmentEnabled ?? false,
            source.DefaultVariationKey ?? "",
            variations.ToFrozenDictionary(StringComparer.Ordinal),
            [.. Present(source.Rules).Select(rule => CompileRule(rule, variations))],
            _customData.FindIndex(source.BucketingCustomDataId));
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

    private Rule CompileRule(RuleDocument source, Dictionary<string, Variation> variations)
    {
        var id = source.Id ?? 0;
        var experimentId = source.ExperimentId ?? 0;
        var exposed = ImmutableArray.CreateRange(Present(source.VariationByExposition), entry =>
        {
            var key = entry.VariationKey ?? "";
            var variation = variations.GetValueOrDefault(key) ?? Variation.Bare(key);
            return new ExposedVariation(variation.Exposed(entry.VariationId, experimentId), entry.Exposition ?? 0);
        });
        return new Rule(
            id,
            experimentId,
            source.Type ?? "",
            source.Exposition ?? 0,
            HashedId.Of(id, source.RespoolTime),
            HashedId.Of(experimentId, source.RespoolTime),
            _segments.Find(source.SegmentId),
            exposed,
            exposed.Where(entry => variations.ContainsKey(entry.Variation.Key))
                .DistinctBy(entry => entry.Variation.Key, StringComparer.Ordinal)
                .ToFrozenDictionary(entry => entry.Variation.Key, entry => entry.Variation, StringComparer.Ordinal));
    }

    private static ImmutableArray<T> Present<T>(List<T?>? items)
        where T : class => items is null ? [] : [.. items.OfType<T>()];
}
