using Kameleoon.Hybrid.Decisions;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using Polly.CircuitBreaker;

namespace Kameleoon.Hybrid;

/// <summary>What the servers of a farm tell each other of visitors, where the application added a store for that.</summary>
internal sealed class SharedSessions(
    VisitorStore visitors,
    SharedSessionWrites writes,
    ConfigurationStore configuration,
    ConsentGate consent,
    BotFilter bots,
    TimeProvider clock,
    KameleoonMetrics metrics,
    IOptions<KameleoonOptions> options,
    ILogger<SharedSessions> logger,
    IVisitorSessionStore? store = null)
{
    private readonly StorePatience _patience = new(
        options.Value.SharedSessions.Timeout, clock, token => store!.FindAsync("", token).AsTask());

    private readonly int _prolongAfter = (int)(options.Value.SessionDuration / 4).TotalSeconds;
    private string? _problem;
    private int _refusalLogged;

    internal bool IsOn => store is not null;

    /// <summary>Why the store could not answer last, or null when it did.</summary>
    internal string? Problem => Volatile.Read(ref _problem);

    // In seconds, never 0; only differences matter.
    private int Now => unchecked((int)(clock.GetTimestamp() / clock.TimestampFrequency)) | 1;

    /// <summary>Sees to it that this server knows what others were told of a request's visitor. At once, unless the
    /// visitor comes to this server for the first time in the session.</summary>
    internal ValueTask LoadAsync(HttpContext context, ResolvedVisitorCode visitor)
    {
        // A code that was just made up nobody knows anything of.
        if (store is null || visitor.Source == VisitorCodeSource.Generated || IsLoaded(visitor.Code))
        {
            return default;
        }

        return configuration.Current is { } dataFile && !bots.IsBot(context.Request)
            ? AskAsync(visitor.Code, dataFile)
            : default;
    }

    /// <summary>The same for another code of a person.</summary>
    internal ValueTask LoadAsync(string code) =>
        store is not null && !IsLoaded(code) && configuration.Current is { } dataFile ? AskAsync(code, dataFile) : default;

    /// <summary>Takes over what other servers wrote of visitors who are known here.</summary>
    internal void Take(IReadOnlyList<VisitorSessionEntry> changes, SharedSessionRead read)
    {
        if (configuration.Current is not { } dataFile)
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
            else if (!writes.Has(entry, read) && !person.IsOf(session))
            {
                // Asked again with the visitor's next request: there may be another person's data to read.
                session.SharedAt = 0;
            }
        }
    }

    /// <summary>Asks the store, within its deadline.</summary>
    internal async ValueTask<StoreReply<T>> TryAsync<T>(
        Func<IVisitorSessionStore, CancellationToken, ValueTask<T>> call, CancellationToken cancellation = default)
    {
        try
        {
            var answer = await _patience.AskAsync(token => call(store!, token), cancellation);
            GoOn();
            return new(IsDone: true, IsRefused: false, answer);
        }
        catch (StoreRefusalException e)
        {
            GoOn();
            if (Interlocked.Exchange(ref _refusalLogged, 1) == 0)
            {
                logger.SessionStoreRefuses(e.InnerException!);
            }

            return new(IsDone: false, IsRefused: true, default);
        }
#pragma warning disable CA1031 // What a database client throws is its own affair; pages go on.
        catch (Exception e)
#pragma warning restore CA1031
        {
            var problem = e is BrokenCircuitException { InnerException: { } cause } ? cause.Message : ErrorText.Of(e);
            if (!cancellation.IsCancellationRequested && Interlocked.Exchange(ref _problem, problem) is null)
            {
                logger.SharedSessionsUnavailable(e);
            }

            return new(IsDone: false, IsRefused: false, default);
        }
    }

    private void GoOn()
    {
        if (Interlocked.Exchange(ref _problem, null) is not null)
        {
            logger.SharedSessionsRecovered();
        }
    }

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
            var reply = await TryAsync((sessions, token) => sessions.FindAsync(code, token));
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

        visitors.TryLinkHere(person, session.Code);
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
        if (session.Record.Known is { Consent: not Consent.Unknown } or { CustomData.IsEmpty: false } or { Forced.IsEmpty: false })
        {
            writes.Prolong(session.Code);
            if (session.Person is { } person)
            {
                writes.Prolong(person);
            }
        }
    }
}
