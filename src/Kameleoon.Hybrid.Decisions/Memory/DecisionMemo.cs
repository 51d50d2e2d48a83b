namespace Kameleoon.Hybrid.Decisions;

/// <summary>Remembers the decisions of one visitor, so that none is taken twice from the same facts.</summary>
/// <remarks>
/// <para>
/// Everything is forgotten when the data file or the version is another one. A version stands for the visitor's code
/// and mapping identifier, being a bot or not, consent, forced variations, bandit scores, custom data, application
/// version and SDK, and must not be used again for others. Take it from the same immutable snapshot as the facts; or, where facts change in
/// place, raise it <em>after</em> a change and read it <em>before</em> the decision: then what is decided while facts
/// change is never handed to anybody who comes later.
/// </para>
/// <para>
/// Flags whose segments ask for anything else (the time, the page, cookies, the device, visits, assignments) are
/// decided anew each time, and so is every flag while the visitor has a <see cref="IVisitorFacts.Simulation"/>.
/// Safe for concurrent use, without locks.
/// </para>
/// </remarks>
public sealed class DecisionMemo
{
    private DecisionPage? _page;

    /// <summary>Decides a flag as <see cref="DataFile.Decide(string, IVisitorFacts)"/> does.</summary>
    /// <param name="dataFile">The data file in force.</param>
    /// <param name="featureKey">The flag's key, compared ordinally.</param>
    /// <param name="visitor">What is known of the visitor, always the same one.</param>
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
    /// <param name="visitor">What is known of the visitor, always the same one.</param>
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

    /// <summary>Decides all flags as <see cref="DataFile.DecideAll"/> does.</summary>
    /// <param name="dataFile">The data file in force.</param>
    /// <param name="visitor">What is known of the visitor, always the same one.</param>
    /// <param name="version">The version of the visitor's facts.</param>
    /// <param name="inTurn">Gives the facts anew for each flag that asks for assignments, or null.</param>
    public DecisionSequence DecideAll(
        DataFile dataFile,
        IVisitorFacts visitor,
        long version,
        Func<IVisitorFacts>? inTurn = null)
    {
        ArgumentNullException.ThrowIfNull(dataFile);
        ArgumentNullException.ThrowIfNull(visitor);
        if (visitor.Simulation is not null)
        {
            return dataFile.DecideAll(visitor, inTurn);
        }

        var site = dataFile.Site;
        var page = Find(site, version) ?? Open(site, version);
        var entries = page.All();
        if (site.Basis == Basis.Session)
        {
            if (!page.IsComplete)
            {
                DecisionBatch.Decide(site, visitor, entries);
                page.IsComplete = true;
            }

            return new DecisionSequence(site, visitor, inTurn, entries);
        }

        // The others are this call's alone.
        SharedDecision?[] decided = [.. entries];
        DecisionBatch.Decide(site, visitor, decided);
        if (!page.IsComplete)
        {
            foreach (var flag in site.Flags)
            {
                if (flag.Basis == Basis.Session)
                {
                    Volatile.Write(ref entries[flag.Index], decided[flag.Index]);
                }
            }

            page.IsComplete = true;
        }

        return new DecisionSequence(site, visitor, inTurn, decided);
    }

    private Decision DecideAnew(
        DecisionPage? page,
        DataFile dataFile,
        FeatureFlag flag,
        IVisitorFacts visitor,
        long version)
    {
        var decision = dataFile.Decide(flag, visitor);
        var site = dataFile.Site;
        if (flag.Basis == Basis.Session
            && site.Has(flag)
            && decision.Variation.Reason != DecisionReason.Simulated)
        {
            (page ?? Open(site, version)).Add(site.Share(decision));
        }

        return decision;
    }

    private DecisionPage? Find(SiteFlags site, long version) =>
        Volatile.Read(ref _page) is { } page && page.Version == version && ReferenceEquals(page.Site, site)
            ? page
            : null;

    private DecisionPage Open(SiteFlags site, long version)
    {
        var opened = new DecisionPage(site, version);
        Volatile.Write(ref _page, opened);
        return opened;
    }
}
