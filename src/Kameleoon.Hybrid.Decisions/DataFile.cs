namespace Kameleoon.Hybrid.Decisions;

/// <summary>One version of a site's configuration: its flags and all that is needed to decide them.</summary>
/// <remarks>Immutable and safe for concurrent use. Use one instance for all decisions of a page.</remarks>
public sealed class DataFile
{
    private static readonly Variation UnknownFlag = Variation.Off(DecisionReason.UnknownFlag);

    private readonly KeyedMap<FeatureFlag> _flags;
    private readonly IReadOnlyDictionary<string, CustomDataSlot> _customDataByName;
    private readonly Segment[] _audiences;

    private DataFile(DataFileReader source)
    {
        _flags = source.Flags;
        _customDataByName = source.CustomData.ByName;
        _audiences = source.Segments.Audiences;
        var configuration = source.SiteSettings;
        Site = new SiteFlags(
            _flags,
            source.Holdout,
            configuration is { ConsentRequired: true },
            configuration is { RefusalBlocksEverything: true });
        Flags = Site.Flags;
        Warnings = source.Warnings;
        CustomData = source.CustomData.Slots;
        MappingIndex = source.CustomData.MappingIndex;
        DateModified = source.DateModified is { } milliseconds and > 0 and < 253402300800000
            ? DateTimeOffset.FromUnixTimeMilliseconds(milliseconds)
            : null;
        RealTimeUpdate = configuration is { RealTimeUpdate: true };
        DataApiDomain = configuration?.DataApiDomain;
    }

    /// <summary>All flags of the site in file order, including those that are off in the environment.</summary>
    public IReadOnlyList<FeatureFlag> Flags { get; }

    /// <summary>When the configuration was last changed on the platform, or null when the file does not say.</summary>
    public DateTimeOffset? DateModified { get; }

    /// <summary>Whether the site tracks a visitor only after consent.</summary>
    public bool ConsentRequired => Site.ConsentRequired;

    /// <summary>Whether a refused consent makes flags unavailable instead of giving their default variation.</summary>
    public bool RefusalBlocksEverything => Site.RefusalBlocksEverything;

    /// <summary>
    /// Whether an enabled flag has a delivery rule, for which the visitor cookie is set before consent.
    /// </summary>
    public bool HasTargetedDelivery => Site.HasTargetedDelivery;

    /// <summary>Whether any decision depends on the visitor's assignments, those of the same page included.</summary>
    public bool DependsOnAssignments => Site.DependsOn == FactDependency.Assignments;

    /// <summary>The variations of the site's holdout experiment, empty when there is none.</summary>
    public IReadOnlyList<Variation> HoldoutVariations => Site.Holdout?.Variations ?? [];

    /// <summary>Whether the platform announces changes on its event stream.</summary>
    public bool RealTimeUpdate { get; }

    /// <summary>The host that receives the site's events, or null for the platform's default host.</summary>
    public string? DataApiDomain { get; }

    /// <summary>The custom data that the site declares, in file order.</summary>
    public IReadOnlyList<CustomDataSlot> CustomData { get; }

    /// <summary>The index of the custom data that identifies a person across devices, or null for none.</summary>
    public int? MappingIndex { get; }

    /// <summary>The parts of the file that have no effect, one sentence each, to be logged.</summary>
    public IReadOnlyList<string> Warnings { get; }

    internal SiteFlags Site { get; }

    /// <remarks>Created when a variation is first forced. Of two rules of one experiment the later counts.</remarks>
    private Dictionary<long, Rule> RulesByExperiment
    {
        get
        {
            if (field is null)
            {
                var rules = new Dictionary<long, Rule>();
                foreach (var rule in Flags.SelectMany(flag => flag.RuleTable))
                {
                    rules[rule.ExperimentId] = rule;
                }

                field = rules;
            }

            return field;
        }
    }

    /// <summary>Reads a data file as the platform's configuration service serves it.</summary>
    /// <param name="utf8Json">The document; a byte-order mark is skipped.</param>
    /// <param name="mismatch">Called on the reader's thread each time a variable is read as another type than its own;
    /// it must be fast and must not throw. Null to ignore mismatches.</param>
    /// <exception cref="DataFileException">The document is no data file. No other exception is thrown.</exception>
    public static DataFile Parse(ReadOnlySpan<byte> utf8Json, Action<VariableMismatch>? mismatch = null) =>
        new(DataFileReader.Read(utf8Json, mismatch));

    /// <summary>Finds a flag by its key, compared ordinally.</summary>
    /// <param name="featureKey">The flag's key.</param>
    /// <returns>The flag, or null when the file has no flag of that key.</returns>
    public FeatureFlag? FindFlag(string featureKey) => _flags.GetValueOrDefault(featureKey);

    /// <summary>
    /// Finds a slot of custom data by its name, compared ordinally. Of two slots of one name the later counts.
    /// </summary>
    /// <param name="name">The slot's name.</param>
    /// <returns>The slot, or null when the file has no slot of that name.</returns>
    public CustomDataSlot? FindCustomData(string name) => _customDataByName.GetValueOrDefault(name);

    /// <summary>Decides a flag for a visitor, without I/O. An unknown flag is decided as <c>off</c>.</summary>
    /// <param name="featureKey">The flag's key, compared ordinally.</param>
    /// <param name="visitor">The facts about the visitor.</param>
    public Decision Decide(string featureKey, IVisitorFacts visitor) =>
        FindFlag(featureKey) is { } flag ? Decide(flag, visitor) : new Decision(UnknownFlag);

    /// <summary>Decides a flag of this data file for a visitor.</summary>
    /// <param name="flag">A flag of this data file.</param>
    /// <param name="visitor">The facts about the visitor.</param>
    public Decision Decide(FeatureFlag flag, IVisitorFacts visitor)
    {
        ArgumentNullException.ThrowIfNull(flag);
        ArgumentNullException.ThrowIfNull(visitor);
        return Evaluator.Evaluate(flag, Site, visitor, trace: null);
    }

    /// <summary>Decides all flags; equal to deciding them one by one, and much faster.</summary>
    /// <param name="visitor">The facts about the visitor; only assignments may change during the enumeration.</param>
    /// <param name="refreshFacts">Returns the current facts for each flag that depends on assignments, or null when
    /// <paramref name="visitor"/> itself includes the assignments that were saved meanwhile.</param>
    public DecisionSequence DecideAll(IVisitorFacts visitor, Func<IVisitorFacts>? refreshFacts = null)
    {
        ArgumentNullException.ThrowIfNull(visitor);
        var decided = new SharedDecision?[Site.Flags.Length];
        DecisionBatch.Decide(Site, visitor, decided);
        return new DecisionSequence(new FlagDecisions(Site, decided), visitor, refreshFacts);
    }

    /// <summary>
    /// Decides a flag as <see cref="Decide(string, IVisitorFacts)"/> does, and explains the decision step by step.
    /// </summary>
    /// <param name="featureKey">The flag's key, compared ordinally.</param>
    /// <param name="visitor">The facts about the visitor.</param>
    public Explanation Explain(string featureKey, IVisitorFacts visitor)
    {
        ArgumentNullException.ThrowIfNull(visitor);
        var trace = new Trace();
        if (FindFlag(featureKey) is { } flag)
        {
            var decision = Evaluator.Evaluate(flag, Site, visitor, trace);
            return new Explanation(featureKey, visitor.VisitorCode, decision, trace.Steps);
        }

        trace.UnknownFlag();
        return new Explanation(featureKey, visitor.VisitorCode, new Decision(UnknownFlag), trace.Steps);
    }

    /// <summary>Finds the reported audiences that a visitor belongs to.</summary>
    /// <param name="visitor">The facts about the visitor.</param>
    /// <returns>The ids of their segments, in file order.</returns>
    public IReadOnlyList<long> EvaluateAudiences(IVisitorFacts visitor)
    {
        ArgumentNullException.ThrowIfNull(visitor);
        var found = new List<long>();
        foreach (var audience in _audiences)
        {
            if (audience.Matches(visitor, campaignId: null, holdout: null, trace: null))
            {
                found.Add(audience.Id);
            }
        }

        return found;
    }

    /// <summary>Prepares a variation to be forced; return it from <see cref="IVisitorFacts.FindForced"/>.</summary>
    /// <param name="experimentId">The experiment of a rule.</param>
    /// <param name="variationKey">A variation that the rule exposes.</param>
    /// <param name="forceTargeting">Whether visitors outside the rule's segment get it too.</param>
    /// <param name="forced">The variation, or null when it cannot be forced. It stays valid for later data
    /// files.</param>
    public ForcedVariationResult TryForce(
        long experimentId,
        string variationKey,
        bool forceTargeting,
        out ForcedVariation? forced)
    {
        forced = null;
        if (!RulesByExperiment.TryGetValue(experimentId, out var rule))
        {
            return ForcedVariationResult.UnknownExperiment;
        }

        foreach (var exposed in rule.Exposed)
        {
            if (string.Equals(exposed.Variation.Key, variationKey, StringComparison.Ordinal))
            {
                forced = new ForcedVariation(exposed.Variation.WithReason(DecisionReason.Forced), forceTargeting);
                return ForcedVariationResult.Forced;
            }
        }

        return ForcedVariationResult.UnknownVariation;
    }

    /// <summary>Reads the simulation cookie of the platform, already URL-decoded.</summary>
    /// <param name="json">An object of flag keys, each with <c>expId</c> (0 for the default) and <c>varId</c>.</param>
    /// <returns>The simulated variations. Other text simulates nothing and throws nothing.</returns>
    public Simulation ReadSimulation(string json)
    {
        ArgumentNullException.ThrowIfNull(json);
        return SimulationReader.Read(json, _flags);
    }

    /// <summary>Prepares variations to be simulated, by their keys.</summary>
    /// <param name="variations">The keys of flags, each with the key of the variation to show, compared ordinally.</param>
    /// <returns>The simulated variations. Flags and variations that the data file does not have are left out, and named in
    /// <see cref="Simulation.Problems"/>.</returns>
    public Simulation Simulate(IEnumerable<KeyValuePair<string, string>> variations)
    {
        ArgumentNullException.ThrowIfNull(variations);
        return SimulationReader.Choose(variations, _flags);
    }
}
