using System.Collections.Immutable;

namespace Kameleoon.Hybrid.Decisions;

/// <summary>One rule of a flag: the segment it targets, the share of it that is exposed, and the variations.</summary>
/// <remarks>Immutable and safe for concurrent use.</remarks>
public sealed class Rule
{
    private readonly VariationCatalogue _catalogue;
    private readonly ReadOnlyMemory<VariationShare> _drafts;
    private readonly long _respoolTime;
    private CompiledRule? _compiled;

    internal Rule(
        long id,
        long experimentId,
        string type,
        double exposition,
        long respoolTime,
        Segment segment,
        ReadOnlyMemory<VariationShare> exposed,
        VariationCatalogue catalogue)
    {
        Id = id;
        ExperimentId = experimentId;
        IsTargetedDelivery = type is "TARGETED_DELIVERY";
        IsExperiment = type is "EXPERIMENTATION";
        Exposition = exposition;
        Segment = segment;
        _respoolTime = respoolTime;
        _drafts = exposed;
        _catalogue = catalogue;
        NeedsExpositionHash = !(exposition >= 1);
        NeedsVariationHash = !IsTargetedDelivery && exposed.Span is not ([] or [{ Share: >= 1 }, ..]);
    }

    /// <summary>The numeric identity of the rule, hashed for its exposition.</summary>
    public long Id { get; }

    /// <summary>The experiment under which exposures to this rule are reported.</summary>
    public long ExperimentId { get; }

    /// <summary>Whether the rule delivers its first variation instead of splitting its traffic.</summary>
    public bool IsTargetedDelivery { get; }

    /// <summary>The share of the targeted visitors who enter the rule, 0 to 1.</summary>
    public double Exposition { get; }

    /// <summary>The variations that the rule exposes, by key, with variation and experiment ids.</summary>
    /// <remarks>Variations that the flag does not declare are left out.</remarks>
    public IReadOnlyDictionary<string, Variation> Variations =>
        Compiled.Declared ??= DeclaredOnly(Exposed, _catalogue.Variations);

    /// <summary>Whether the rule is an experiment. A refused consent stops it.</summary>
    /// <remarks>A rule of an unknown type is neither an experiment nor a delivery.</remarks>
    public bool IsExperiment { get; }

    /// <summary>When the traffic of the rule was last distributed anew, in Unix seconds; 0 when it never was.</summary>
    public long RespoolTime => _respoolTime;

    /// <summary>Whether the exposition is below 1, so that the hash decides.</summary>
    internal bool NeedsExpositionHash { get; }

    /// <summary>Whether the variation depends on the hash.</summary>
    internal bool NeedsVariationHash { get; }

    internal HashSuffix ExpositionSuffix => Compiled.ExpositionSuffix;

    internal HashSuffix VariationSuffix => Compiled.VariationSuffix;

    internal Segment Segment { get; }

    internal ImmutableArray<ExposedVariation> Exposed => Compiled.Exposed;

    // Compiled only once, because decisions are compared by the references of their variations.
    private CompiledRule Compiled => _compiled
        ?? Interlocked.CompareExchange(ref _compiled, Compile(), comparand: null)
        ?? _compiled;

    /// <summary>Returns the share of the rule's visitors that get a variation, 0 to 1; 0 for a variation that the rule does
    /// not have.</summary>
    /// <param name="variationId">The variation's id.</param>
    /// <remarks>Shares are added in file order. What exceeds 1 in total has no visitors.</remarks>
    public double GetShare(long variationId)
    {
        var (total, share) = (0.0, 0.0);
        foreach (var (variation, own) in Exposed)
        {
            var reached = Math.Min(1, total + own);
            share += variation.Id == variationId ? Math.Max(0, reached - total) : 0;
            total = Math.Max(total, reached);
        }

        return share;
    }

    /// <summary>Adds the key of each exposed variation by its id.</summary>
    internal void AddVariationKeysTo(Dictionary<long, string> keysById)
    {
        foreach (var draft in _drafts.Span)
        {
            if (draft.VariationId is { } id)
            {
                keysById[id] = draft.Key;
            }
        }
    }

    private CompiledRule Compile()
    {
        var exposed = ImmutableArray.CreateBuilder<ExposedVariation>(_drafts.Length);
        foreach (var draft in _drafts.Span)
        {
            exposed.Add(draft.ToExposed(_catalogue.Find(draft.Key), ExperimentId));
        }

        return new CompiledRule(
            HashSuffix.OfId(Id, _respoolTime), HashSuffix.OfId(ExperimentId, _respoolTime), exposed.MoveToImmutable());
    }

    private static KeyedMap<Variation> DeclaredOnly(
        ImmutableArray<ExposedVariation> exposed, KeyedMap<Variation> catalogue)
    {
        Variation[] declared =
            [.. exposed.Select(static one => one.Variation).Where(variation => catalogue.ContainsKey(variation.Key))];
        return KeyedMap<Variation>.Create(declared, static variation => variation.Key, laterCounts: false);
    }
}

/// <summary>The hash suffixes and variations of a rule, created when the first visitor gets to the rule.</summary>
internal sealed record CompiledRule(
    HashSuffix ExpositionSuffix,
    HashSuffix VariationSuffix,
    ImmutableArray<ExposedVariation> Exposed)
{
    /// <summary>The exposed variations that the flag declares, by key; null until it is first read.</summary>
    internal KeyedMap<Variation>? Declared { get; set; }
}
