using Kameleoon.Hybrid.Decisions;

namespace Kameleoon.Hybrid;

/// <summary>The visitor of one client: what decisions may ask of it, and what is kept of it.</summary>
internal sealed class KnownVisitor(string code, KameleoonClientServices services, RequestVisitor? request)
{
    private readonly VisitorReports _reports = new(code, services, request);
    private VisitorSession? _session;
    private VisitorFacts? _facts;
    private DecisionMemo? _memo;

    // Many visitors come once. Nothing stays of their decisions; who is known already has a memo in the session.
    private DecisionMemo Memo => Volatile.Read(ref _memo)
        ?? Interlocked.CompareExchange(ref _memo, FindMemo() ?? new DecisionMemo(), null)
        ?? Volatile.Read(ref _memo)!;

    internal VisitorReports Reports => _reports;

    /// <summary>Whose events they are, as their lines will say.</summary>
    internal EventOrigin Origin => EventOrigin.Of(code, Find(), request?.UserAgent);

    /// <summary>Whether the visitor's code is a person's own.</summary>
    internal bool IsUnique => Find() is { IsUnique: true };

    /// <summary>Whether the platform has to hear something now that the visitor did something that is tracked. Cheap after
    /// a decision.</summary>
    internal bool HasNews =>
        Volatile.Read(ref _facts) is { HasNews: true } || Volatile.Read(ref _session) is { IsUnique: true };

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
        if (facts.IsBot)
        {
            return dataFile.DecideAll(facts);
        }

        var decisions = Memo.DecideAll(dataFile, facts, facts.Version, () => FactsFor(dataFile));
        if (Volatile.Read(ref _session) is { } session)
        {
            session.Remember(dataFile.Flags.Count);
            services.Visitors.Recount(session);
        }

        return decisions;
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
    internal void Save(in Exposure exposure)
    {
        var session = FindOrCreate();
        if (session.Record.Save(exposure.ExperimentId, exposure.VariationId, services.Clock.GetUtcNow()))
        {
            services.Visitors.Recount(session);
        }
    }

    /// <summary>Keeps data, and unless it is for conditions only, what the platform has to hear of it.</summary>
    internal void Add(ReadOnlySpan<IVisitorData> data, bool track, DataFile? dataFile)
    {
        var added = new List<IVisitorData>(data.Length);
        foreach (var item in data)
        {
            if (AddedData.Resolve(item, dataFile, services) is { } resolved)
            {
                added.Add(resolved);
            }
        }

        if (added.Count == 0)
        {
            return;
        }

        Keep(added, track);
        foreach (var item in track ? added : [])
        {
            if (item is CustomData { IsMappingIdentifier: true } person)
            {
                if (!VisitorCode.IsValid(person.Values[0]))
                {
                    services.DropTooLong(TrackingEventKind.CustomData);
                }
            }
            else if (AddedData.ToEvent(Origin, item, dataFile, services) is { } reported)
            {
                _reports.Hold(reported, dataFile);
            }
        }
    }

    /// <summary>Keeps a conversion and reports it.</summary>
    internal void Convert(Conversion conversion, DataFile? dataFile)
    {
        var resolved = AddedData.Resolve(conversion, dataFile, services)!;
        Keep([resolved], track: true);
        Report(dataFile);
        if (AddedData.ToEvent(Origin, resolved, dataFile, services) is { } reported)
        {
            _reports.Report(reported, dataFile);
        }
    }

    /// <summary>The visitor did something that is tracked: the platform hears what it has not heard yet.</summary>
    internal void Report(DataFile? dataFile)
    {
        if (Find() is not { } session)
        {
            return;
        }

        var known = session.Record.Known;
        if (session.IsUnique && known.MappingIdentifier is null)
        {
            known = LinkToItself(session, dataFile);
        }

        if (known.Mapping is { } mapping
            && dataFile is not null
            && mapping.TryTake(code, services.Clock.GetUtcNow())
            && AddedData.ToEvent(Origin, mapping.Data, dataFile, services) is { } link)
        {
            _reports.Report(link, dataFile);
        }

        if (known.Held.Length > 0)
        {
            _reports.ReleaseHeld(dataFile);
        }
    }

    /// <summary>Adds what the platform told. It knows that already, but for what belongs to the current visit, too.</summary>
    /// <param name="history">What it told.</param>
    /// <param name="addData">Whether to add more than the code.</param>
    /// <param name="takeCode">Whether the code by which the visitor was seen last buckets the visitor from now on, unless
    /// another one does already.</param>
    /// <param name="dataFile">Says what belongs to the visitor rather than to a visit.</param>
    internal void Remember(RemoteVisitorData history, bool addData, bool takeCode, DataFile? dataFile)
    {
        var first = takeCode && history.VisitorCode is { } seen && VisitorCode.IsValid(seen) ? seen : null;
        if (!addData && first is null)
        {
            return;
        }

        var session = FindOrCreate();
        var record = session.Record;
        var before = services.Visitors.UpdateHere(session, (history, addData, first), static (known, change) =>
        {
            known = change.addData ? known.With(change.history) : known;
            return known.MappingIdentifier is null && change.first is not null
                ? known with { MappingIdentifier = change.first }
                : known;
        });
        if (!addData)
        {
            return;
        }

        foreach (var assigned in history.Experiments)
        {
            record.Remember(assigned.Id, assigned.VariationId, assigned.Time);
        }

        services.Visitors.Recount(session);
        var isVisitors = dataFile?.CustomData.Where(static slot => slot.IsVisitorScoped).Select(static slot => slot.Index).ToHashSet();
        IEnumerable<IVisitorData?> ours =
        [
            before.Past.Visits is null ? history.Counters(record.Started) : null,
            .. history.CustomData.Where(custom =>
                isVisitors?.Contains(custom.Index!.Value) == true && before.CustomData.Find(custom.Index!.Value) is null),
        ];
        foreach (var item in ours.OfType<IVisitorData>())
        {
            if (AddedData.ToEvent(Origin, item, dataFile, services) is { } reported)
            {
                _reports.Hold(reported, dataFile);
            }
        }
    }

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

    private void Keep(List<IVisitorData> added, bool track)
    {
        var persons = added.OfType<CustomData>().Where(item => item.IsMappingIdentifier)
            .Where(item => VisitorCode.IsValid(item.Values[0])).ToArray();
        if (added.OfType<UniqueIdentifier>().LastOrDefault() is { } unique)
        {
            services.Visitors.MarkUnique(code, unique.Value);
        }

        // The first code a person is known by buckets that person from then on, on every device.
        services.Visitors.Update(code, (added, persons, track, code, Now: services.Clock.GetUtcNow()), static (known, change) =>
        {
            foreach (var item in change.added)
            {
                known = item.AddTo(known);
                known = item is Conversion goal ? known.Reaching(goal.GoalId, change.Now) : known;
            }

            return change.persons is [.., var person]
                ? known with
                {
                    MappingIdentifier = known.MappingIdentifier ?? change.code,
                    Mapping = !change.track || known.Mapping?.Says(person) == true ? known.Mapping : new MappingLine(person),
                }
                : known;
        });
        foreach (var person in persons)
        {
            services.Visitors.Link(code, person.Values[0]);
        }
    }

    // A person whom no browser is known of yet is told to the platform under the person's own code.
    private VisitorSnapshot LinkToItself(VisitorSession session, DataFile? dataFile)
    {
        if (dataFile?.MappingIndex is { } index)
        {
            Keep([new CustomData(index, code).At(index, isMappingIdentifier: true)], track: true);
        }
        else if (dataFile is not null)
        {
            services.ReportNoMappingIdentifier();
        }

        return session.Record.Known;
    }

    private DecisionMemo? FindMemo()
    {
        if (Find() is not { } session)
        {
            return null;
        }

        var memo = session.Memo;
        services.Visitors.Recount(session);
        return memo;
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
