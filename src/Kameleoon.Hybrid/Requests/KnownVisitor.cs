using Kameleoon.Hybrid.Decisions;

namespace Kameleoon.Hybrid;

/// <summary>Decides flags for the visitor of one client, from the visitor's session and the request.</summary>
/// <remarks>A part of the client rather than an object of its own: clients are created for single calls.</remarks>
internal abstract partial class KnownVisitor(string code, KameleoonClientServices services, IRequestVisitor? request)
{
    private VisitorReports? _reports;
    private VisitorSession? _session;
    private VisitorFacts? _facts;
    private DecisionMemo? _memo;

    internal string Code => code;

    /// <summary>Reports the visitor's events.</summary>
    internal VisitorReports Reports => Volatile.Read(ref _reports)
        ?? Interlocked.CompareExchange(ref _reports, new VisitorReports(code, services.Visitors, request), null)
        ?? Volatile.Read(ref _reports)!;

    /// <summary>The fields of each event that name the visitor: code, user agent and mapping.</summary>
    internal EventOrigin Origin => OriginOf(Session);

    /// <summary>Whether the visitor's code is a person's own.</summary>
    internal bool IsUnique => Find() is { IsUnique: true };

    /// <summary>The visitor's session as the current call found it, or null if there is none.</summary>
    internal VisitorSession? Session => Found ?? Find();

    /// <summary>Whether events wait for the visitor's next tracked action. Cheap after a decision.</summary>
    private protected bool HasWaitingEvents => Volatile.Read(ref _session) is { } session
        && (session.IsUnique || session.Record.Known.HasWaitingEvents);

    // Until the exposures of the response have their owners.
    private bool IsDuringRequest => request is { Request.IsComplete: false };

    /// <summary>The session that the client has found, or null if there is none or it has ended.</summary>
    private protected VisitorSession? Found => Volatile.Read(ref _session) is { IsGone: false } found ? found : null;

    private protected KameleoonClientServices Services => services;

    /// <summary>The services that decide for the visitor and report the visitor's events.</summary>
    internal VisitorServices Visitors => services.Visitors;

    /// <summary>The visitor of the client's request, or null outside of requests.</summary>
    internal IRequestVisitor? InRequest => request;

    /// <summary>The client's request, or null outside of requests.</summary>
    private protected VisitorRequest? Request => request?.Request;

    /// <summary>Whether the request comes from a bot, of which nothing is kept and nothing is reported.</summary>
    private protected bool IsBot => request?.Request.IsBot == true;

    /// <summary>Returns the visitor's session, or null if there is none.</summary>
    internal VisitorSession? Find() => FindCurrent()
        ?? Use(IsDuringRequest ? services.Visitors.Store.FindInUse(code).Session : services.Visitors.Store.Find(code));

    /// <summary>Returns the visitor's session, or starts one.</summary>
    internal VisitorSession FindOrCreate() => FindCurrent()
        ?? Use(IsDuringRequest ? services.Visitors.Store.GetOrCreateInUse(code).Session! : services.Visitors.Store.GetOrCreate(code))!;

    /// <summary>The request does not use the session any more. A client that is used later looks for it again.</summary>
    private protected void EndUse()
    {
        if (Interlocked.Exchange(ref _session, null) is not { } session)
        {
            return;
        }

        // A call that began meanwhile may have found the session.
        if (Request is { IsInUse: true })
        {
            session.Uses.TryBeginLasting();
        }

        session.Uses.End();
    }

    /// <summary>Decides a flag without tracking it.</summary>
    /// <remarks>A decision is large: it is written once, where the caller wants it.</remarks>
    internal void Decide(DataFile dataFile, string featureKey, out Decision decision)
    {
        DecideByRules(dataFile, featureKey, out decision);
        if (services.Visitors.Exposures.Guard is { } guard)
        {
            decision = Guarded(guard, decision);
        }
    }

    /// <summary>Replaces a variation that new visitors do not get at present.</summary>
    /// <param name="guard">The guard.</param>
    /// <param name="decision">The decision of the rules.</param>
    /// <param name="isCounted">Whether the visitor gets the variation, and is not only told what it would be.</param>
    private protected Decision Guarded(VariationGuard guard, in Decision decision, bool isCounted = true) =>
        guard.Find(decision.Variation) is { } withheld
            ? WithheldDecisions.Apply(guard, withheld, decision, code, Session, isCounted)
            : decision;

    private void DecideByRules(DataFile dataFile, string featureKey, out Decision decision)
    {
        var session = FindUnder(dataFile);
        if (MayRemember(dataFile)
            && MemoOf(session).TryFind(dataFile, featureKey, VersionOf(session), out decision))
        {
            return;
        }

        var facts = FactsFor(session, dataFile);
        decision = IsBot
            ? dataFile.Decide(featureKey, facts)
            : MemoOf(session).Decide(dataFile, featureKey, facts, facts.Version);
    }

    /// <summary>Decides all flags of the data file.</summary>
    /// <param name="dataFile">The data file.</param>
    /// <param name="unsaved">Where flags that depend on assignments find those of this call; null if no flag does.</param>
    private protected DecisionSequence DecideAll(DataFile dataFile, UnsavedDecisions? unsaved)
    {
        var session = FindUnder(dataFile);
        return MayRemember(dataFile) && MemoOf(session).FindAll(dataFile, VersionOf(session)) is { } remembered
            ? remembered.Enumerate()
            : DecideAllAnew(session, dataFile, unsaved);
    }

    /// <summary>Returns the facts for one decision.</summary>
    private protected VisitorFacts FactsFor(DataFile dataFile) => FactsFor(FindUnder(dataFile), dataFile);

    /// <summary>Saves an assignment, tracked or not, for conditions that refer to other experiments.</summary>
    private protected void Save(in Exposure exposure) =>
        services.Visitors.Store.Save(
            Found ?? FindOrCreate(), exposure.ExperimentId, exposure.VariationId, isJustProlonged: !IsDuringRequest);

    private DecisionSequence DecideAllAnew(VisitorSession? session, DataFile dataFile, UnsavedDecisions? unsaved)
    {
        var facts = FactsFor(session, dataFile);
        if (IsBot)
        {
            return dataFile.DecideAll(facts);
        }

        var decisions = MemoOf(session).DecideAll(
            dataFile, facts, facts.Version, unsaved is null ? null : FactsWith(unsaved, dataFile));
        if (session is not null)
        {
            services.Visitors.Store.CountDecisions(session, dataFile.Flags.Count);
        }

        return decisions;
    }

    private Func<IVisitorFacts> FactsWith(UnsavedDecisions unsaved, DataFile dataFile) => () =>
    {
        var record = FindUnder(dataFile)?.Record;
        return unsaved.Facts is { } facts && facts.AreOf(record)
            ? facts
            : unsaved.Facts = new UnsavedFacts(
                code, services.Visitors, record, request, request?.FindSimulation(dataFile), unsaved);
    };

    private VisitorFacts FactsFor(VisitorSession? session, DataFile dataFile)
    {
        var record = session?.Record;
        if (Volatile.Read(ref _facts) is { } facts && facts.AreOf(record))
        {
            return facts;
        }

        facts = new VisitorFacts(code, services.Visitors, record, request, request?.FindSimulation(dataFile));
        Volatile.Write(ref _facts, facts);
        return facts;
    }

    // A bot may send a person's code. Its decisions must not be remembered for the person.
    private bool MayRemember(DataFile dataFile) =>
        request is null || (!request.Request.IsBot && request.FindSimulation(dataFile) is null);

    // Many visitors come once, and nothing is kept of their decisions. A visitor with a session has a memo there.
    private DecisionMemo MemoOf(VisitorSession? session) => Volatile.Read(ref _memo)
        ?? Interlocked.CompareExchange(
            ref _memo, session is null ? new DecisionMemo() : services.Visitors.Store.MemoOf(session), null)
        ?? Volatile.Read(ref _memo)!;

    private static long VersionOf(VisitorSession? session) => session?.Record.Version ?? VisitorSnapshot.Empty.Version;

    // The answer in the request is part of the facts.
    private VisitorSession? FindUnder(DataFile dataFile)
    {
        request?.ConsentUnder(dataFile);
        return Find();
    }

    // A client may be used for a long time, in a job for instance, and the visitor's session may end and start again. During
    // a request the session was prolonged already.
    private VisitorSession? FindCurrent() => Volatile.Read(ref _session) is { IsGone: false } session
        && (IsDuringRequest || services.Visitors.Store.Prolong(session)) ? session : null;

    private VisitorSession? Use(VisitorSession? session)
    {
        // Handlers of one request that run at the same time may both have found it.
        var other = Interlocked.Exchange(ref _session, session);
        if (IsDuringRequest)
        {
            other?.Uses.End();
        }

        return session;
    }
}
