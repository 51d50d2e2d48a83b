using Kameleoon.Hybrid.Decisions;
using Microsoft.AspNetCore.Http;

namespace Kameleoon.Hybrid;

/// <summary>Reads the sessions of visitors from the store that the servers of a farm share, if the application added one.
/// </summary>
/// <remarks>Shared are consent, custom data, forced variations, which codes belong to one person, the exposures of redirects
/// and the conversions with an id.</remarks>
internal sealed class SharedSessions(
    VisitorStore visitors,
    PersonCodes codes,
    SharedSessionWrites writes,
    SharedSessionAccess access,
    ConfigurationStore configuration,
    ConsentGate consent,
    BotFilter bots,
    SharedSessionLifetime lifetime)
{
    /// <summary>Loads what other servers know of a request's visitor. Completes synchronously, unless it is the visitor's
    /// first request of the session to this server.</summary>
    internal ValueTask LoadAsync(HttpContext context, ResolvedVisitorCode visitor)
    {
        // No server knows anything about a code that was just generated.
        if (!access.IsOn || visitor.Source == VisitorCodeSource.Generated || IsLoaded(visitor.Code))
        {
            return default;
        }

        return configuration.DataFile is { } dataFile && !bots.IsBot(context.Request, isEarly: true)
            ? ReadAsync(visitor.Code, dataFile)
            : default;
    }

    /// <summary>Loads what other servers know of a visitor code.</summary>
    internal ValueTask LoadAsync(string code) =>
        access.IsOn && !IsLoaded(code) && configuration.DataFile is { } dataFile ? ReadAsync(code, dataFile) : default;

    /// <summary>Whether this server knows a visitor.</summary>
    internal bool IsKnown(string code) => visitors.Contains(code);

    /// <summary>Reads what another server has just changed about a visitor that this server knows.</summary>
    internal async ValueTask RefreshAsync(string code)
    {
        var read = writes.BeginRead();
        try
        {
            var reply = await access.AskAsync((store, token) => store.FindAsync(code, token));
            if (reply is { IsDone: true, Answer: { } found })
            {
                Apply(found, read);
            }
        }
        finally
        {
            writes.EndRead(read);
        }
    }

    /// <summary>Applies changes of other servers to the visitors that this server knows.</summary>
    internal void Apply(IReadOnlyList<VisitorSessionEntry> changes, SharedSessionRead read)
    {
        if (configuration.DataFile is not { } dataFile)
        {
            return;
        }

        foreach (var entry in changes)
        {
            // A redirect may be the only response that a new visitor got here.
            using var use = visitors.PeekInUse(entry.VisitorCode);
            if (use.Session is not { } session || (session.SharedAt == 0 && !SharedReports.IsCarried(entry)))
            {
                continue;
            }

            if (SharedPerson.Of(entry) is not { } person)
            {
                Apply(session, entry, read, dataFile);
            }
            else if (!writes.HasNewer(entry, read) && !person.IsOf(session) && !IsLinkedAlready(session, person))
            {
                // The next request of the visitor reads the store again, which may link the code to another person.
                session.SharedAt = 0;
            }
        }
    }

    // Through a third code, for example.
    private bool IsLinkedAlready(VisitorSession session, SharedPerson person) =>
        person.Code is { } code && person.IsUnique == session.IsUnique
            && ReferenceEquals(visitors.Peek(code)?.Record, session.Record);

    private bool IsLoaded(string code)
    {
        // Servers share a person's data under one code, so that code has to be loaded, too.
        using var use = visitors.FindInUse(code);
        if (use.Session is not { SharedAt: not 0 } session
            || (session.Person is { } person && visitors.Find(person) is not { SharedAt: not 0 }))
        {
            return false;
        }

        lifetime.ProlongIfDue(session);
        return true;
    }

    private async ValueTask ReadAsync(string code, DataFile dataFile, bool follows = true)
    {
        var read = writes.BeginRead();
        try
        {
            var reply = await access.AskAsync((store, token) => store.FindAsync(code, token));
            if (reply is { IsDone: true, Answer: { } found })
            {
                await ApplyAsync(code, found, read, dataFile, follows);
            }
        }
        finally
        {
            writes.EndRead(read);
        }
    }

    private async ValueTask ApplyAsync(
        string code, IReadOnlyList<VisitorSessionEntry> found, SharedSessionRead read, DataFile dataFile, bool follows)
    {
        using var use = visitors.GetOrCreateInUse(code);
        var session = use.Session!;
        var shared = found.Where(entry => !writes.HasNewer(entry, read)).Select(SharedPerson.Of).FirstOrDefault(person => person is not null);
        session.IsUnique = shared?.IsUnique ?? session.IsUnique;
        if (follows && (shared?.Code ?? session.Person) is { } person && !string.Equals(person, code, StringComparison.Ordinal))
        {
            await FollowAsync(session, person, shared?.First, dataFile);
        }

        foreach (var entry in session.Person is null ? found : [])
        {
            Apply(session, entry, read, dataFile);
        }

        lifetime.MarkRead(session);
        if (found.Count > 0)
        {
            writes.Prolong(code);
        }
    }

    // What was known under the code itself before it was linked is forgotten, as on one server.
    private async ValueTask FollowAsync(VisitorSession session, string person, string? first, DataFile dataFile)
    {
        if (visitors.Find(person) is not { SharedAt: not 0 })
        {
            await ReadAsync(person, dataFile, follows: false);
        }

        codes.TryLinkHere(person, session.Code);
        visitors.UpdateHere(session, first, static (known, code) =>
            code is null || known.MappingIdentifier is not null ? known : known with { MappingIdentifier = code });
    }

    // A page that this server answered in the meantime may have reported the same exposure.
    private bool TryCarry(VisitorSession session, in Exposure exposure)
    {
        if (session.Record.IsReported(exposure.ExperimentId, exposure.VariationId))
        {
            return false;
        }

        visitors.Save(session, exposure.ExperimentId, exposure.VariationId);
        return true;
    }

    // The change is not written to the store again, because it comes from there.
    private void Apply(VisitorSession session, VisitorSessionEntry entry, SharedSessionRead read, DataFile dataFile)
    {
        if (writes.HasNewer(entry, read))
        {
            return;
        }

        var before = session.Record.Version;
        if (SharedData.ConsentOf(entry) is { } answer)
        {
            consent.Learn(session, answer);
        }
        else if (SharedReports.CarriedOf(entry, dataFile) is { } exposure && !TryCarry(session, exposure))
        {
            writes.Write(SharedReports.Withdrawn(entry.VisitorCode, exposure, SharedReports.IsAhead(entry)));
        }
        else
        {
            visitors.UpdateHere(session, (entry, dataFile), static (known, told) =>
                SharedReports.With(SharedData.With(known, told.entry, told.dataFile), told.entry, told.dataFile));
        }

        // Reads overlap, so known changes are read again for a while.
        if (session.Record.Version != before)
        {
            lifetime.CountReceived();
        }
    }
}
