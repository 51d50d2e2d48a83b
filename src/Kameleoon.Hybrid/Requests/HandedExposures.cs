using System.Collections.Concurrent;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.Extensions.Options;

namespace Kameleoon.Hybrid;

/// <summary>Remembers for a while what pages passed to the engine, so that the server takes it back when a script left the
/// page before its tag could run.</summary>
/// <remarks>A browser stops reading a page whose script calls <c>location.replace</c>. Nothing behind that script runs, so
/// only the next request tells. Memory is bounded: visitors are forgotten after <see cref="KameleoonTrackingOptions.CarryFor"/>
/// without a page, and beyond the limit the oldest first. Safe for concurrent use.</remarks>
internal sealed class HandedExposures(TimeProvider clock, IOptions<KameleoonOptions> options, SharedHandedPages others)
{
    private const int MaxVisitors = 50_000;
    private const int MostForgottenAtOnce = 16;

    private readonly ConcurrentDictionary<string, HandedPage> _last = new(StringComparer.Ordinal);
    private readonly ConcurrentQueue<(string VisitorCode, long Due)> _queue = new();

    // Counted here: the collections lock for it, and every request asks.
    private int _count;
    private readonly bool _isOn = options.Value.ExposureBy == ExposureOwner.Engine;
    private readonly TimeSpan _carryFor = options.Value.Tracking.CarryFor;
    private readonly SessionClock _clock = new(clock);
    private readonly long _lifetime = (long)(options.Value.Tracking.CarryFor.TotalSeconds * SessionClock.FrequencyOf(clock));

    /// <summary>Notes what a page passes to the engine.</summary>
    /// <param name="visitorCode">The visitor.</param>
    /// <param name="page">The request of the page.</param>
    /// <param name="ledger">The exposures of the page. Calls with the same ledger are one page.</param>
    internal void Note(string visitorCode, HttpRequest page, ExposureLedger ledger)
    {
        if (!_isOn)
        {
            return;
        }

        var address = AddressOf(page);
        if (others.IsOn)
        {
            others.Write(visitorCode, address, ledger, _carryFor);
        }

        if (!_last.TryGetValue(visitorCode, out var last) || !ReferenceEquals(last.Ledger, ledger))
        {
            Add(visitorCode, address, ledger, last);
        }
    }

    /// <summary>Loads the visitor's last page of another server, if a request may show that a script left it. Completes
    /// synchronously for other requests, and where servers share no sessions.</summary>
    internal ValueTask LoadAsync(string visitorCode, HttpRequest next) =>
        _isOn && others.IsOn && RequestIntent.IsScriptedNavigation(next) && FindLeft(visitorCode, next) is null
            ? LoadOthersAsync(visitorCode, HandedPage.PathOf(next.Headers.Referer.ToString()).ToString())
            : default;

    /// <summary>Whether a request may show that a script left one of the visitor's pages. Cheap for other requests.</summary>
    internal bool MayHaveLeft(string visitorCode, HttpRequest next) =>
        Volatile.Read(ref _count) > 0 && RequestIntent.IsScriptedNavigation(next) && _last.ContainsKey(visitorCode);

    /// <summary>Takes back what the page that a script left had passed to the engine.</summary>
    /// <param name="visitorCode">The visitor.</param>
    /// <param name="next">The visitor's next request.</param>
    /// <returns>The exposures that the caller owns from now on.</returns>
    internal IEnumerable<ExposureEntry> TakeBack(string visitorCode, HttpRequest next)
    {
        if (FindLeft(visitorCode, next) is not { } left)
        {
            return [];
        }

        Withdraw(visitorCode);
        return left.TakeBack(GenerationOf(visitorCode) + 1);
    }

    /// <summary>How often the visitor's exposures were taken back. A page tells it when it reports to the server, so that the
    /// server knows the report of an earlier page.</summary>
    internal int GenerationOf(string visitorCode) => _last.TryGetValue(visitorCode, out var last) ? last.Generation : 0;

    /// <summary>Whether an exposure that a page reports to the server was taken back from that page, so that a later page
    /// reports it.</summary>
    /// <remarks>If it was not, the server owns it from now on.</remarks>
    /// <param name="visitorCode">The visitor.</param>
    /// <param name="exposure">The exposure.</param>
    /// <param name="generation">What the page tells of <see cref="GenerationOf"/>.</param>
    internal bool WasTakenBack(string visitorCode, in Exposure exposure, int generation)
    {
        _last.TryGetValue(visitorCode, out var last);
        if (last?.IsTakenBack(exposure, generation) == true)
        {
            return true;
        }

        last?.GiveToServer(exposure);
        Withdraw(visitorCode);
        return false;
    }

    private HandedPage? FindLeft(string visitorCode, HttpRequest next) => _last.TryGetValue(visitorCode, out var last)
        ? last.Find(next.Headers.Referer.ToString(), _clock.Timestamp)
        : null;

    private async ValueTask LoadOthersAsync(string visitorCode, string address)
    {
        if (await others.FindAsync(visitorCode, address) is { } ledger)
        {
            Add(visitorCode, address, ledger, earlier: null);
        }
    }

    private void Withdraw(string visitorCode)
    {
        if (_isOn && others.IsOn)
        {
            others.Withdraw(visitorCode);
        }
    }

    private void Add(string visitorCode, string address, ExposureLedger ledger, HandedPage? earlier)
    {
        var now = _clock.Timestamp;
        Forget(now);
        var added = new HandedPage(address, ledger, now + _lifetime);
        while (!(earlier is null
            ? _last.TryAdd(visitorCode, added)
            : _last.TryUpdate(visitorCode, added.After(earlier, now), earlier)))
        {
            _last.TryGetValue(visitorCode, out earlier);
        }

        if (earlier is null)
        {
            _queue.Enqueue((visitorCode, added.Due));
            Interlocked.Increment(ref _count);
        }
    }

    // A rewritten path or an error page is not what the browser names as its referrer.
    private static string AddressOf(HttpRequest page) =>
        page.HttpContext.Features.Find<IHttpRequestFeature>()?.RawTarget is ['/', ..] target
            ? target
            : page.PathBase.Add(page.Path).ToUriComponent() + page.QueryString.ToUriComponent();

    // A visitor waits once, however many pages follow: what stays in memory for each page would cost the collector more
    // than the page.
    private void Forget(long now)
    {
        for (var i = 0; i < MostForgottenAtOnce
            && _queue.TryPeek(out var first)
            && (first.Due <= now || Volatile.Read(ref _count) >= MaxVisitors)
            && _queue.TryDequeue(out first); i++)
        {
            if (!_last.TryGetValue(first.VisitorCode, out var last))
            {
                Interlocked.Decrement(ref _count);
            }
            else if (last.Due > now && first.Due <= now)
            {
                _queue.Enqueue((first.VisitorCode, last.Due)); // The visitor had another page since.
            }
            else if (_last.TryRemove(KeyValuePair.Create(first.VisitorCode, last)))
            {
                Interlocked.Decrement(ref _count);
            }
            else
            {
                _queue.Enqueue(first);
            }
        }
    }
}
