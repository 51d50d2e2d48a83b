using Kameleoon.Hybrid.Decisions;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Options;

namespace Kameleoon.Hybrid;

/// <summary>What the servers of a farm tell each other of visitors, where the application added a store for that.</summary>
internal sealed class SharedSessions(
    VisitorStore visitors,
    PersonCodes codes,
    SharedSessionWrites writes,
    SharedSessionAccess access,
    ConfigurationStore configuration,
    ConsentGate consent,
    BotFilter bots,
    TimeProvider clock,
    KameleoonMetrics metrics,
    IOptions<KameleoonOptions> options)
{
    private readonly int _prolongAfter = (int)(options.Value.SessionDuration / 4).TotalSeconds;

    // In seconds, never 0; only differences matter.
    private int Now => unchecked((int)(clock.GetTimestamp() / clock.TimestampFrequency)) | 1;

    /// <summary>Sees to it that this server knows what others were told of a request's visitor. At once, unless the
    /// visitor comes to this server for the first time in the session.</summary>
    internal ValueTask LoadAsync(HttpContext context, ResolvedVisitorCode visitor)
    {
        // A code that was just made up nobody knows anything of.
        if (!access.IsOn || visitor.Source == VisitorCodeSource.Generated || IsLoaded(visitor.Code))
        {
            return default;
        }

        return configuration.DataFile is { } dataFile && !bots.IsBot(context.Request)
            ? AskAsync(visitor.Code, dataFile)
            : default;
    }

    /// <summary>The same for another code of a person.</summary>
    internal ValueTask LoadAsync(string code) =>
        access.IsOn && !IsLoaded(code) && configuration.DataFile is { } dataFile ? AskAsync(code, dataFile) : default;

    /// <summary>Takes over what other servers wrote of visitors who are known here.</summary>
    internal void Take(IReadOnlyList<VisitorSessionEntry> changes, SharedSessionRead read)
    {
        if (configuration.DataFile is not { } dataFile)
        {
            return;
        }

        foreach (var entry in changes)
        {
            if (visitors.Peek(entry.VisitorCode) is not { SharedAt: not 0 } session)
            {
                continue;
            }

            if (SharedPerson.Of(entry) is not { } person)
            {
                Apply(session, entry, read, dataFile);
            }
            else if (!writes.Has(entry, read) && !person.IsOf(session) && !IsLinkedAlready(session, person))
            {
                // Asked again with the visitor's next request: there may be another person's data to read.
                session.SharedAt = 0;
            }
        }
    }

    // By way of a third code, for instance.
    private bool IsLinkedAlready(VisitorSession session, SharedPerson person) =>
        person.Code is { } code && person.IsUnique == session.IsUnique
            && ReferenceEquals(visitors.Peek(code)?.Record, session.Record);

    private bool IsLoaded(string code)
    {
        // What others say of a person they say under one code, so that has to be heard of, too.
        if (visitors.Find(code) is not { SharedAt: not 0 } session
            || (session.Person is { } person && visitors.Find(person) is not { SharedAt: not 0 }))
        {
            return false;
        }

        GoOn(session);
        return true;
    }

    private async ValueTask AskAsync(string code, DataFile dataFile, bool follows = true)
    {
        var read = writes.BeginRead();
        try
        {
            var reply = await access.AskAsync((store, token) => store.FindAsync(code, token));
            if (reply is { IsDone: true, Answer: { } found })
            {
                await TakeAsync(code, found, read, dataFile, follows);
            }
        }
        finally
        {
            writes.EndRead(read);
        }
    }

    private async ValueTask TakeAsync(
        string code, IReadOnlyList<VisitorSessionEntry> found, SharedSessionRead read, DataFile dataFile, bool follows)
    {
        var session = visitors.GetOrCreate(code);
        var told = found.Where(entry => !writes.Has(entry, read)).Select(SharedPerson.Of).FirstOrDefault(person => person is not null);
        session.IsUnique = told?.IsUnique ?? session.IsUnique;
        if (follows && (told?.Code ?? session.Person) is { } person && !string.Equals(person, code, StringComparison.Ordinal))
        {
            await FollowAsync(session, person, told?.First, dataFile);
        }

        foreach (var entry in session.Person is null ? found : [])
        {
            Apply(session, entry, read, dataFile);
        }

        session.SharedAt = Now;
        if (found.Count > 0)
        {
            writes.Prolong(code);
        }
    }

    // What was said under the code itself before it was linked is forgotten, as on one server.
    private async ValueTask FollowAsync(VisitorSession session, string person, string? first, DataFile dataFile)
    {
        if (visitors.Find(person) is not { SharedAt: not 0 })
        {
            await AskAsync(person, dataFile, follows: false);
        }

        codes.TryLinkHere(person, session.Code);
        visitors.UpdateHere(session, first, static (known, code) =>
            code is null || known.MappingIdentifier is not null ? known : known with { MappingIdentifier = code });
    }

    // Nothing of it is told to others again: it is theirs.
    private void Apply(VisitorSession session, VisitorSessionEntry entry, SharedSessionRead read, DataFile dataFile)
    {
        if (writes.Has(entry, read))
        {
            return;
        }

        var before = session.Record.Version;
        if (SharedData.ConsentOf(entry) is { } answer)
        {
            consent.Learn(session, answer);
        }
        else
        {
            visitors.UpdateHere(
                session, (entry, dataFile), static (known, told) => SharedData.With(known, told.entry, told.dataFile));
        }

        // What was heard already comes again for a while.
        if (session.Record.Version != before)
        {
            metrics.SessionShared("received");
        }
    }

    private void GoOn(VisitorSession session)
    {
        var now = Now;
        if (unchecked(now - session.SharedAt) < _prolongAfter)
        {
            return;
        }

        session.SharedAt = now;
        if (session is { IsUnique: true } or { Person: not null }
            || session.Record.Known is { Consent: not Consent.Unknown } or { CustomData.IsEmpty: false } or { Forced.IsEmpty: false })
        {
            writes.Prolong(session.Code);
            if (session.Person is { } person)
            {
                writes.Prolong(person);
            }
        }
    }
}
