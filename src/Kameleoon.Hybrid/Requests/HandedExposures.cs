using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.Extensions.Options;

namespace Kameleoon.Hybrid;

/// <summary>Remembers for a while what pages passed to the engine, so that the server takes it back when a script left the
/// page before its tag could run.</summary>
/// <remarks>A browser stops reading a page whose script calls <c>location.replace</c>. Nothing behind that script runs, so
/// only the next request tells. Visitors are forgotten after <see cref="KameleoonTrackingOptions.CarryFor"/> without a page. Safe
/// for concurrent use.</remarks>
internal sealed class HandedExposures(TimeProvider clock, IOptions<KameleoonOptions> options, SharedHandedPages others)
    : IVisitorMemory
{
    private readonly HandedPages _pages = new(clock, options.Value.Tracking.CarryFor);
    private readonly bool _isOn = options.Value.ExposureBy == ExposureOwner.Engine;
    private readonly TimeSpan _carryFor = options.Value.Tracking.CarryFor;

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

        if (!_pages.IsLast(visitorCode, ledger))
        {
            _pages.Add(visitorCode, address, ledger);
        }
    }

    /// <summary>The response of a page is complete.</summary>
    internal void Complete(string visitorCode, ExposureLedger ledger)
    {
        if (_isOn && !_pages.AreNone)
        {
            _pages.Complete(visitorCode, ledger);
        }
    }

    /// <summary>Loads the visitor's last page of another server, if a request may show that a script left it. Completes
    /// synchronously for other requests, and where servers share no sessions.</summary>
    /// <remarks>The store has the visitor's last page of all servers. An earlier page of this server may have the same
    /// address.</remarks>
    internal ValueTask LoadAsync(string visitorCode, HttpRequest next) =>
        _isOn && others.IsOn && RequestIntent.IsScriptedNavigation(next) ? LoadOthersAsync(visitorCode, next) : default;

    /// <summary>Whether a request may show that a script left one of the visitor's pages. Cheap for other requests.</summary>
    internal bool MayHaveLeft(string visitorCode, HttpRequest next) =>
        !_pages.AreNone && RequestIntent.IsScriptedNavigation(next) && _pages.Contains(visitorCode);

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
    internal int GenerationOf(string visitorCode) => _pages.GenerationOf(visitorCode);

    /// <summary>Whether an exposure that a page reports to the server was taken back from that page, so that a later page
    /// reports it.</summary>
    /// <remarks>If it was not, the server owns it from now on.</remarks>
    /// <param name="visitorCode">The visitor.</param>
    /// <param name="exposure">The exposure.</param>
    /// <param name="generation">What the page tells of <see cref="GenerationOf"/>.</param>
    internal bool WasTakenBack(string visitorCode, in Exposure exposure, int generation)
    {
        var last = _pages.Find(visitorCode);
        if (last?.IsTakenBack(exposure, generation) == true)
        {
            return true;
        }

        last?.GiveToServer(exposure);
        Withdraw(visitorCode);
        return false;
    }

    public void Remove(string visitorCode) => _pages.Remove(visitorCode);

    private HandedPage? FindLeft(string visitorCode, HttpRequest next) =>
        _pages.Find(visitorCode, next.Headers.Referer.ToString());

    private async ValueTask LoadOthersAsync(string visitorCode, HttpRequest next)
    {
        var address = HandedPage.PathOf(next.Headers.Referer.ToString()).ToString();
        if (await others.FindAsync(visitorCode, address, _carryFor) is { } ledger
            && FindLeft(visitorCode, next)?.HasAll(ledger) != true)
        {
            _pages.Add(visitorCode, address, ledger);
        }
    }

    private void Withdraw(string visitorCode)
    {
        if (_isOn && others.IsOn)
        {
            others.Withdraw(visitorCode);
        }
    }

    // A rewritten path or an error page is not what the browser names as its referrer.
    private static string AddressOf(HttpRequest page) =>
        page.HttpContext.Features.Find<IHttpRequestFeature>()?.RawTarget is ['/', ..] target
            ? target
            : page.PathBase.Add(page.Path).ToUriComponent() + page.QueryString.ToUriComponent();
}
