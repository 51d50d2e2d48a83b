using Kameleoon.Hybrid.Decisions;

namespace Kameleoon.Hybrid;

/// <summary>The visitor of one client: what decisions may ask of it, and what is kept of it.</summary>
internal sealed class KnownVisitor(string code, KameleoonClientServices services, RequestVisitor? request)
{
    private VisitorSession? _session;
    private VisitorFacts? _facts;
    private DecisionMemo? _memo;

    // Many visitors come once. Nothing stays of their decisions; who is known already has a memo in the session.
    private DecisionMemo Memo => Volatile.Read(ref _memo)
        ?? Interlocked.CompareExchange(ref _memo, Find()?.Memo ?? new DecisionMemo(), null)
        ?? Volatile.Read(ref _memo)!;

    // The visitor of the same code that comes with a person's browser is another: the memo is not for bots.
    internal Decision Decide(DataFile dataFile, string featureKey)
    {
        var facts = FactsFor(dataFile);
        return facts.IsBot
            ? dataFile.Decide(featureKey, facts)
            : Memo.Decide(dataFile, featureKey, facts, facts.Version);
    }

    internal DecisionSequence DecideAll(DataFile dataFile)
    {
        var facts = FactsFor(dataFile);
        return facts.IsBot
            ? dataFile.DecideAll(facts)
            : Memo.DecideAll(dataFile, facts, facts.Version, () => FactsFor(dataFile));
    }

    /// <summary>The answers for one decision.</summary>
    internal VisitorFacts FactsFor(DataFile dataFile)
    {
        request?.ConsentUnder(dataFile);
        var record = Find()?.Record;
        if (Volatile.Read(ref _facts) is { } facts && facts.AreOf(record))
        {
            return facts;
        }

        facts = new VisitorFacts(code, services, record, request, request?.FindSimulation(dataFile));
        Volatile.Write(ref _facts, facts);
        return facts;
    }

    /// <summary>Keeps an assignment, tracked or not, for the conditions that ask about other experiments.</summary>
    internal void Save(in Exposure exposure) => FindOrCreate().Record.Save(
        exposure.ExperimentId, exposure.VariationId, services.Clock.GetUtcNow());

    internal void Add(IVisitorData[] data, DataFile? dataFile)
    {
        var added = data.Select(item => Resolve(item, dataFile)).OfType<IVisitorData>().ToArray();
        var persons = added.OfType<CustomData>().Where(item => item.Index == dataFile?.MappingIndex)
            .Select(item => item.Values is [var first, ..] ? first : "")
            .Where(person => VisitorCode.IsValid(person)).ToArray();
        if (added.Length == 0)
        {
            return;
        }

        // The first code a person is known by buckets that person from then on, on every device.
        var mapping = persons.Length > 0 ? code : null;
        services.Visitors.Update(code, (added, mapping), static (known, change) =>
        {
            known = change.added.Aggregate(known, static (all, item) => item.AddTo(all));
            return known with { MappingIdentifier = known.MappingIdentifier ?? change.mapping };
        });
        foreach (var person in persons)
        {
            services.Visitors.Link(code, person);
        }
    }

    internal void Convert(long goalId) => services.Visitors.Update(
        code,
        (goalId, Now: services.Clock.GetUtcNow()),
        static (known, goal) => known with { Goals = known.Goals.With(goal.goalId, goal.Now) });

    internal void Force(long experimentId, ForcedVariation forced) => services.Visitors.Update(
        code,
        (experimentId, forced),
        static (known, change) => known with { Forced = known.Forced.With(change.experimentId, change.forced) });

    internal void Withdraw(long experimentId)
    {
        if (Find()?.Record.Known.Forced.Find(experimentId) is not null)
        {
            services.Visitors.Update(code, experimentId, static (known, withdrawn) =>
                known with { Forced = known.Forced.Without(withdrawn) });
        }
    }

    private IVisitorData? Resolve(IVisitorData item, DataFile? dataFile)
    {
        switch (item)
        {
            case CustomData { Name: { } name } custom:
                if (dataFile?.FindCustomData(name) is { } slot)
                {
                    return custom.At(slot.Index);
                }

                services.ReportUnknownCustomData(name);
                return null;
            case PageView { Address.Length: 0 }:
                services.ReportPageWithoutAddress();
                return null;
            default:
                return item;
        }
    }

    private VisitorSession? Find() => TakeCurrent() ?? Take(services.Visitors.Find(code));

    private VisitorSession FindOrCreate() => TakeCurrent() ?? Take(services.Visitors.GetOrCreate(code))!;

    // A client may live long, in a job for instance, and its visitor's session be over and start again meanwhile. While a
    // request runs it was prolonged already.
    private VisitorSession? TakeCurrent() => Volatile.Read(ref _session) is { IsGone: false } session
        && (request is { IsOver: false } || services.Visitors.Prolong(session)) ? session : null;

    private VisitorSession? Take(VisitorSession? session)
    {
        Volatile.Write(ref _session, session);
        return session;
    }
}
