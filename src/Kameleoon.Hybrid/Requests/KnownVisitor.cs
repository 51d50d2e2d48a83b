using Kameleoon.Hybrid.Decisions;

namespace Kameleoon.Hybrid;

/// <summary>Decides flags for the visitor of one client, from the visitor's session and the request.</summary>
internal sealed class KnownVisitor(string code, VisitorServices services, IRequestVisitor? request)
{
    private VisitorReports? _reports;
    private VisitorSession? _session;
    private VisitorFacts? _facts;
    private DecisionMemo? _memo;

    internal string Code => code;

    /// <summary>Reports the visitor's events.</summary>
    internal VisitorReports Reports => Volatile.Read(ref _reports)
        ?? Interlocked.CompareExchange(ref _reports, new VisitorReports(code, services, request), null)
        ?? Volatile.Read(ref _reports)!;

    /// <summary>The fields of each event that name the visitor: code, user agent and mapping.</summary>
    internal EventOrigin Origin => EventOrigin.Of(code, Find(), request?.Request.UserAgent);

    /// <summary>Whether the visitor's code is a person's own.</summary>
    internal bool IsUnique => Find() is { IsUnique: true };

    /// <summary>Whether events wait for the visitor's next tracked action. Cheap after a decision.</summary>
    internal bool HasWaitingEvents =>
        Volatile.Read(ref _facts) is { HasWaitingEvents: true } || Volatile.Read(ref _session) is { IsUnique: true };

    // Many visitors come once, and nothing is kept of their decisions. A visitor with a session has a memo there.
    private DecisionMemo Memo => Volatile.Read(ref _memo)
        ?? Interlocked.CompareExchange(ref _memo, FindMemo() ?? new DecisionMemo(), null)
        ?? Volatile.Read(ref _memo)!;

    /// <summary>Decides a flag.</summary>
    internal Decision Decide(DataFile dataFile, string featureKey)
    {
        // A bot may send a person's code. Its decisions must not be remembered for the person.
        var facts = FactsFor(dataFile);
        return facts.IsBot
            ? dataFile.Decide(featureKey, facts)
            : Memo.Decide(dataFile, featureKey, facts, facts.Version);
    }

    /// <summary>Decides all flags of the data file.</summary>
    internal DecisionSequence DecideAll(DataFile dataFile)
    {
        var facts = FactsFor(dataFile);
        if (facts.IsBot)
        {
            return dataFile.DecideAll(facts);
        }

        var decisions = Memo.DecideAll(dataFile, facts, facts.Version, () => FactsFor(dataFile));
        if (Volatile.Read(ref _session) is { } session)
        {
            services.Store.CountDecisions(session, dataFile.Flags.Count);
        }

        return decisions;
    }

    /// <summary>Returns the facts for one decision.</summary>
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

    /// <summary>Saves an assignment, tracked or not, for conditions that refer to other experiments.</summary>
    internal void Save(in Exposure exposure) =>
        services.Store.Save(FindOrCreate(), exposure.ExperimentId, exposure.VariationId);

    /// <summary>Reports or drops the events that waited for the response, once it is known whether the code is shared.
    /// </summary>
    internal void CompleteReports(bool isShared, DataFile? dataFile)
    {
        if (Volatile.Read(ref _reports) is not null || request is { Request.Source: VisitorCodeSource.Generated })
        {
            Reports.Complete(isShared, dataFile);
        }
    }

    /// <summary>Returns the visitor's session, or null if there is none.</summary>
    internal VisitorSession? Find() => FindCurrent() ?? Use(services.Store.Find(code));

    /// <summary>Returns the visitor's session, or starts one.</summary>
    internal VisitorSession FindOrCreate() => FindCurrent() ?? Use(services.Store.GetOrCreate(code))!;

    private DecisionMemo? FindMemo() => Find() is { } session ? services.Store.MemoOf(session) : null;

    // A client may be used for a long time, in a job for instance, and the visitor's session may end and start again. During
    // a request the session was prolonged already.
    private VisitorSession? FindCurrent() => Volatile.Read(ref _session) is { IsGone: false } session
        && (request is { Request.IsOver: false } || services.Store.Prolong(session)) ? session : null;

    private VisitorSession? Use(VisitorSession? session)
    {
        Volatile.Write(ref _session, session);
        return session;
    }
}
