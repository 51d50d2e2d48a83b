using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using Polly.CircuitBreaker;

namespace Kameleoon.Hybrid;

/// <summary>The way to the store of visitor links, which may be away.</summary>
internal sealed class LinkStoreAccess(
    TimeProvider clock,
    IOptions<KameleoonOptions> options,
    ILogger<LinkStoreAccess> logger,
    IVisitorLinkStore? store = null)
{
    private readonly StorePatience _patience = new(
        options.Value.Identity.Timeout, clock, token => store!.FindAsync("", token).AsTask());

    // Whoever asks for all of a person's data can wait, and half of it is no answer.
    private readonly StorePatience _thorough = new(
        TimeSpan.FromSeconds(30), clock, token => store!.FindAsync("", token).AsTask());

    // One or two are their own affair. When all are refused a disk is full, or the database takes no writes.
    private const int Many = 3;

    private readonly Lock _gate = new();
    private readonly HashSet<string> _refused = new(StringComparer.Ordinal);
    private string? _problem;
    private readonly LogOnce _refusal = new();

    internal bool IsOn => store is not null;

    /// <summary>Why the store could not answer last, or null when it did.</summary>
    internal string? Problem => Volatile.Read(ref _problem);

    /// <summary>Asks the store.</summary>
    /// <param name="call">What.</param>
    /// <param name="cancellation">Gives up.</param>
    /// <param name="isAwaited">Whether a request waits for it; else its failures keep no request from asking.</param>
    /// <param name="writesFor">For whom something is written, if it is.</param>
    /// <param name="isThorough">Whether it may take long, because no page waits for it.</param>
    /// <exception cref="VisitorLinksUnavailableException">The store cannot answer.</exception>
    internal async ValueTask<T> RunAsync<T>(
        Func<IVisitorLinkStore, CancellationToken, ValueTask<T>> call,
        CancellationToken cancellation,
        bool isAwaited = true,
        string? writesFor = null,
        bool isThorough = false)
    {
        var links = store ?? throw new InvalidOperationException(
            "There is no store of visitor links. Call AddSqliteStore or AddPostgreSqlStore of the package "
            + "Kameleoon.Hybrid.EntityFrameworkCore on what AddKameleoonHybrid returned.");
        try
        {
            var result = isAwaited && !isThorough
                ? await _patience.AskAsync(token => call(links, token), cancellation)
                : await (isThorough ? _thorough : _patience).AskLaterAsync(token => call(links, token), cancellation);

            // Whoever has a code already, or is told that it is somebody else's, was only read.
            await GoOnAsync(hasWritten: result is VisitorLinkResult
            {
                Outcome: VisitorLinkOutcome.Linked or VisitorLinkOutcome.Merged,
            });
            return result;
        }
        catch (StoreRefusalException e)
        {
            if (writesFor is not null && IsOneOfMany(writesFor))
            {
                Note(e.Message, e.InnerException!);
            }
            else
            {
                await GoOnAsync(hasWritten: false);
                if (_refusal.IsFirst())
                {
                    logger.LinkStoreRefuses(e.InnerException!);
                }
            }

            throw new VisitorLinksUnavailableException($"The store of visitor links refuses this. {e.Message}", e);
        }
#pragma warning disable CA1031 // What a database client throws is its own affair; who asked wants to know one thing.
        catch (Exception e) when (e is not OperationCanceledException || !cancellation.IsCancellationRequested)
#pragma warning restore CA1031
        {
            // Reads may be answered while writes are not: then an answer does not end it.
            _ = writesFor is not null && IsOneOfMany(writesFor);
            var problem = e is BrokenCircuitException { InnerException: { } cause } ? cause.Message : ErrorText.Of(e);
            Note(problem, e);
            throw new VisitorLinksUnavailableException($"The store of visitor links cannot be reached. {problem}", e);
        }
    }

    private void Note(string problem, Exception exception)
    {
        if (Interlocked.Exchange(ref _problem, problem) is null)
        {
            logger.LinksUnavailable(exception);
        }
    }

    private bool IsOneOfMany(string writesFor)
    {
        lock (_gate)
        {
            return _refused.Count >= Many || (_refused.Add(writesFor) && _refused.Count >= Many);
        }
    }

    // Where writes are refused of everybody, an answer to a question says little.
    private bool MayGoOn(bool hasWritten)
    {
        lock (_gate)
        {
            if (hasWritten)
            {
                _refused.Clear();
            }

            return _refused.Count < Many;
        }
    }

    private async ValueTask GoOnAsync(bool hasWritten)
    {
        if (Problem is null && !hasWritten)
        {
            return;
        }

        if (MayGoOn(hasWritten) && Interlocked.Exchange(ref _problem, null) is not null)
        {
            logger.LinksRecovered();
            await _patience.GoOnAsync();
        }
    }
}
