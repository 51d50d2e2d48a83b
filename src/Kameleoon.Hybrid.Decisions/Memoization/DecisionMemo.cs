namespace Kameleoon.Hybrid.Decisions;

/// <summary>Remembers the decisions for one visitor, so that the same facts are not evaluated twice.</summary>
/// <remarks>
/// <para>
/// All decisions are dropped when the data file or the version changes. A version identifies one state of these facts:
/// visitor code, mapping identifier, whether the visitor is a bot, consent, forced variations, bandit scores, custom
/// data, application version and SDK. Never use a version again for another state. Take the version from the same
/// immutable snapshot as the facts. Where facts change in place, increase the version <em>after</em> a change and read
/// it <em>before</em> the decision: a decision made during a change is then never returned to a later call.
/// </para>
/// <para>
/// Flags whose segments use other facts (the time, the page, cookies, the device, visits, assignments) are decided
/// again each time, and so is every flag while the visitor has a <see cref="IVisitorFacts.Simulation"/>.
/// Safe for concurrent use, without locks.
/// </para>
/// </remarks>
public sealed class DecisionMemo
{
    private CachedDecisions? _page;

    /// <summary>Decides a flag as <see cref="DataFile.Decide(string, IVisitorFacts)"/> does.</summary>
    /// <param name="dataFile">The data file in force.</param>
    /// <param name="featureKey">The flag's key, compared ordinally.</param>
    /// <param name="visitor">The facts about the visitor, who must be the same in all calls.</param>
    /// <param name="version">The version of the visitor's facts.</param>
    public Decision Decide(DataFile dataFile, string featureKey, IVisitorFacts visitor, long version)
    {
        ArgumentNullException.ThrowIfNull(dataFile);
        return dataFile.FindFlag(featureKey) is { } flag
            ? Decide(dataFile, flag, visitor, version)
            : dataFile.Decide(featureKey, visitor);
    }

    /// <summary>Decides a flag as <see cref="DataFile.Decide(FeatureFlag, IVisitorFacts)"/> does.</summary>
    /// <param name="dataFile">The data file in force.</param>
    /// <param name="flag">A flag of this data file.</param>
    /// <param name="visitor">The facts about the visitor, who must be the same in all calls.</param>
    /// <param name="version">The version of the visitor's facts.</param>
    public Decision Decide(DataFile dataFile, FeatureFlag flag, IVisitorFacts visitor, long version)
    {
        ArgumentNullException.ThrowIfNull(dataFile);
        ArgumentNullException.ThrowIfNull(flag);
        ArgumentNullException.ThrowIfNull(visitor);
        if (visitor.Simulation is not null)
        {
            return dataFile.Decide(flag, visitor);
        }

        var page = Find(dataFile.Site, version);
        return page?.Find(flag) is { } kept ? kept.Value : DecideAnew(page, dataFile, flag, visitor, version);
    }

    /// <summary>Finds the decision about a flag that was made for the same facts, without the facts at hand.</summary>
    /// <param name="dataFile">The data file in force.</param>
    /// <param name="featureKey">The flag's key, compared ordinally.</param>
    /// <param name="version">The version of the visitor's facts. The visitor has no simulation.</param>
    /// <param name="decision">The decision.</param>
    /// <returns>False when the flag has to be decided.</returns>
    public bool TryFind(DataFile dataFile, string featureKey, long version, out Decision decision)
    {
        ArgumentNullException.ThrowIfNull(dataFile);
        ArgumentNullException.ThrowIfNull(featureKey);
        var found = Find(dataFile.Site, version) is { } page
            ? page.FindAsked(featureKey) ?? Find(page, dataFile, featureKey)
            : null;
        if (found is null)
        {
            decision = default;
            return false;
        }

        decision = found.Value;
        return true;
    }

    /// <summary>Finds the decisions about all flags that were made for the same facts, without the facts at hand.</summary>
    /// <param name="dataFile">The data file in force.</param>
    /// <param name="version">The version of the visitor's facts. The visitor has no simulation.</param>
    /// <returns>The decisions, always the same object; null when flags have to be decided.</returns>
    public FlagDecisions? FindAll(DataFile dataFile, long version)
    {
        ArgumentNullException.ThrowIfNull(dataFile);
        return dataFile.Site is { DependsOn: FactDependency.Session } site ? Find(site, version)?.All : null;
    }

    /// <summary>Decides all flags as <see cref="DataFile.DecideAll"/> does.</summary>
    /// <param name="dataFile">The data file in force.</param>
    /// <param name="visitor">The facts about the visitor, who must be the same in all calls.</param>
    /// <param name="version">The version of the visitor's facts.</param>
    /// <param name="refreshFacts">Returns the current facts for each flag that depends on assignments, or null.</param>
    public DecisionSequence DecideAll(
        DataFile dataFile,
        IVisitorFacts visitor,
        long version,
        Func<IVisitorFacts>? refreshFacts = null)
    {
        ArgumentNullException.ThrowIfNull(dataFile);
        ArgumentNullException.ThrowIfNull(visitor);
        if (visitor.Simulation is not null)
        {
            return dataFile.DecideAll(visitor, refreshFacts);
        }

        var site = dataFile.Site;
        var page = Find(site, version) ?? Open(site, version, site.Flags.Length);
        var entries = page.GetEntries();
        if (site.DependsOn == FactDependency.Session)
        {
            if (page.All is null)
            {
                DecisionBatch.Decide(site, visitor, entries);
            }

            return page.Complete().Enumerate();
        }

        // The decisions that depend on the request must not be stored for later calls.
        SharedDecision?[] decided = [.. entries];
        DecisionBatch.Decide(site, visitor, decided);
        if (page.All is null)
        {
            foreach (var flag in site.Flags)
            {
                if (flag.DependsOn == FactDependency.Session)
                {
                    Volatile.Write(ref entries[flag.Index], decided[flag.Index]);
                }
            }

            page.Complete();
        }

        return new DecisionSequence(new FlagDecisions(site, decided), visitor, refreshFacts);
    }

    private Decision DecideAnew(
        CachedDecisions? page,
        DataFile dataFile,
        FeatureFlag flag,
        IVisitorFacts visitor,
        long version)
    {
        var decision = dataFile.Decide(flag, visitor);
        var site = dataFile.Site;
        if (flag.DependsOn == FactDependency.Session
            && site.Has(flag)
            && decision.Variation.Reason != DecisionReason.Simulated)
        {
            (page ?? Open(site, version)).Add(site.Share(decision));
        }

        return decision;
    }

    private static SharedDecision? Find(CachedDecisions page, DataFile dataFile, string featureKey)
    {
        var found = dataFile.FindFlag(featureKey) is { } flag ? page.Find(flag) : null;
        found?.NoteAsked(featureKey);
        return found;
    }

    private CachedDecisions? Find(SiteFlags site, long version) =>
        Volatile.Read(ref _page) is { } page && page.Version == version && ReferenceEquals(page.Site, site)
            ? page
            : null;

    private CachedDecisions Open(SiteFlags site, long version, int room = CachedDecisions.ShortList)
    {
        var opened = new CachedDecisions(site, version, room);
        Volatile.Write(ref _page, opened);
        return opened;
    }
}
