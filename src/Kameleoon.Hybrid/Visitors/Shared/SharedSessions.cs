using Kameleoon.Hybrid.Decisions;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using Polly;
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
    private readonly ResiliencePipeline _patience = StorePatience.Build(options.Value.SharedSessions.Timeout, clock);
    private readonly int _prolongAfter = (int)(options.Value.SessionDuration / 4).TotalSeconds;
    private string? _problem;

    internal bool IsOn => store is not null;

    /// <summary>Why the store could not answer last, or null when it did.</summary>
    internal string? Problem => Volatile.Read(ref _problem);

    // In seconds, never 0; only differences matter.
    private int Now => unchecked((int)(clock.GetTimestamp() / clock.TimestampFrequency)) | 1;

    /// <summary>Sees to it that this server knows what others were told of a request's visitor. At once, unless the
    /// visitor comes to this server for the first time in the session.</summary>
    internal ValueTask LoadAsync(HttpContext context, ResolvedVisitorCode visitor, bool isPerson = false)
    {
        // A code that was just made up nobody knows anything of.
        if (store is null || visitor.Source == VisitorCodeSource.Generated)
        {
            return default;
        }

        if (visitors.Find(visitor.Code) is { SharedAt: not 0 } session)
        {
            GoOn(session);
            return default;
        }

        return configuration.Current is { } dataFile && (isPerson || !bots.IsBot(context.Request))
            ? AskAsync(visitor.Code, dataFile)
            : default;
    }

    /// <summary>Takes over what other servers wrote of visitors who are known here.</summary>
    internal void Take(IReadOnlyList<VisitorSessionEntry> changes)
    {
        if (configuration.Current is not { } dataFile)
        {
            return;
        }

        foreach (var entry in changes)
        {
            if (visitors.Peek(entry.VisitorCode) is { SharedAt: not 0 } session)
            {
                Apply(session, entry, dataFile);
            }
        }
    }

    /// <summary>Asks the store, within its deadline.</summary>
    /// <returns>The answer, or the default when there is none.</returns>
    internal async ValueTask<(bool IsDone, T? Answer)> TryAsync<T>(
        Func<IVisitorSessionStore, CancellationToken, ValueTask<T>> call, CancellationToken cancellation = default)
    {
        try
        {
            // Not every database client gives up when told to, while it connects for instance.
            var answer = await _patience.ExecuteAsync(
                static async (state, token) => await state.call(state.store, token).AsTask().WaitAsync(token),
                (call, store: store!),
                cancellation);
            if (Interlocked.Exchange(ref _problem, null) is not null)
            {
                logger.SharedSessionsRecovered();
            }

            return (true, answer);
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

            return (false, default);
        }
    }

    private async ValueTask AskAsync(string code, DataFile dataFile)
    {
        var (isDone, found) = await TryAsync((sessions, token) => sessions.FindAsync(code, token));
        if (!isDone)
        {
            return;
        }

        var session = visitors.GetOrCreate(code);
        foreach (var entry in found!)
        {
            Apply(session, entry, dataFile);
        }

        session.SharedAt = Now;
        if (found.Count > 0)
        {
            writes.Prolong(code);
        }
    }

    // Nothing of it is told to others again: it is theirs.
    private void Apply(VisitorSession session, VisitorSessionEntry entry, DataFile dataFile)
    {
        if (writes.Has(entry))
        {
            return;
        }

        var before = session.Record.Version;
        if (SharedData.ConsentOf(entry) is { } answer)
        {
            consent.Learn(session.Record, answer);
        }
        else
        {
            visitors.Update(
                session.Record, (entry, dataFile), static (known, told) => SharedData.With(known, told.entry, told.dataFile));
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
        }
    }
}
