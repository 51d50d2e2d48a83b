using System.Collections.Immutable;

namespace Kameleoon.Hybrid.Decisions;

/// <summary>One rule of a flag: whom it targets, how much of them it exposes, and to what.</summary>
/// <remarks>Immutable and safe for concurrent use.</remarks>
public sealed class Rule
{
    private readonly VariationCatalogue _catalogue;
    private readonly ReadOnlyMemory<ExposedDraft> _drafts;
    private readonly long _respoolTime;
    private ReachedRule? _reached;

    internal Rule(
        long id,
        long experimentId,
        string type,
        double exposition,
        long respoolTime,
        Segment segment,
        ReadOnlyMemory<ExposedDraft> exposed,
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

    /// <summary>What the rule exposes, by variation key, with variation and experiment ids.</summary>
    /// <remarks>Without those that the flag has no variation for.</remarks>
    public IReadOnlyDictionary<string, Variation> Variations => field ??= KnownOf(Exposed, _catalogue.Variations);

    /// <remarks>A rule of a type nobody knows is neither, and a refused consent does not stop it.</remarks>
    internal bool IsExperiment { get; }

    /// <summary>False when every hash passes: none is above 1.</summary>
    internal bool NeedsExpositionHash { get; }

    /// <summary>False when every hash chooses alike.</summary>
    internal bool NeedsVariationHash { get; }

    internal HashedId ExpositionHash => Reached.ExpositionHash;

    internal HashedId VariationHash => Reached.VariationHash;

    internal Segment Segment { get; }

    internal ImmutableArray<ExposedVariation> Exposed => Reached.Exposed;

    // Once, as decisions are told apart by their variations.
    private ReachedRule Reached => _reached
        ?? Interlocked.CompareExchange(ref _reached, Reach(), comparand: null)
        ?? _reached;

    /// <summary>Notes the key of each exposed variation by its id.</summary>
    internal void AddKeysTo(Dictionary<long, string> keysById)
    {
        foreach (var draft in _drafts.Span)
        {
            if (draft.VariationId is { } id)
            {
                keysById[id] = draft.Key;
            }
        }
    }

    private ReachedRule Reach()
    {
        var exposed = ImmutableArray.CreateBuilder<ExposedVariation>(_drafts.Length);
        foreach (var draft in _drafts.Span)
        {
            exposed.Add(draft.Of(_catalogue.Find(draft.Key), ExperimentId));
        }

        return new ReachedRule(
            HashedId.Of(Id, _respoolTime), HashedId.Of(ExperimentId, _respoolTime), exposed.MoveToImmutable());
    }

    private static KeyedMap<Variation> KnownOf(ImmutableArray<ExposedVariation> exposed, KeyedMap<Variation> catalogue)
    {
        var known = new KeyedMapBuilder<Variation>();
        foreach (var (variation, _) in exposed)
        {
            if (catalogue.ContainsKey(variation.Key))
            {
                known.TryAdd(variation.Key, variation);
            }
        }

        return known.Build();
    }
}

/// <summary>What a rule needs for its choice, made when the first visitor reaches it instead of while reading.</summary>
internal sealed record ReachedRule(
    HashedId ExpositionHash,
    HashedId VariationHash,
    ImmutableArray<ExposedVariation> Exposed);
