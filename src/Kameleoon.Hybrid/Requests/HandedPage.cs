namespace Kameleoon.Hybrid;

/// <summary>The exposures that one page passed to the engine, and the visitor's earlier pages of the same kind.</summary>
/// <param name="address">The path and the query of the page, as the browser sent them.</param>
/// <param name="ledger">The exposures of the page's request.</param>
/// <param name="due">The timestamp from which the page is forgotten.</param>
internal sealed class HandedPage(PageAddress address, ExposureLedger ledger, long due)
{
    private const int MaxPages = 8;
    private const int Used = 1;
    private const int Moved = 2;

    private HandedPage? _earlier;
    private int _pages = 1;
    private int _generation;
    private int _use;

    internal PageAddress Address => address;

    internal ExposureLedger Ledger => ledger;

    internal long Due => due;

    /// <summary>How often exposures of the visitor were taken back, as far as the pages are remembered.</summary>
    internal int Generation => Math.Max(Volatile.Read(ref _generation), _earlier?.Generation ?? 0);

    /// <summary>Whether it is the visitor's first page, nothing asked for it, and nothing was taken back from it.</summary>
    internal bool IsAlone => Volatile.Read(ref _use) == 0 && Volatile.Read(ref _generation) == 0;

    /// <summary>Uses the page, which remains an object from then on.</summary>
    /// <returns>False if a row has taken its place.</returns>
    internal bool TryUse() => Interlocked.CompareExchange(ref _use, Used, 0) != Moved;

    /// <summary>Forbids further uses, because a row that the caller has added takes the page's place.</summary>
    /// <returns>False if it was used.</returns>
    internal bool TryEndUse() => Interlocked.CompareExchange(ref _use, Moved, 0) == 0;

    /// <summary>Links the page to the visitor's earlier pages that are not forgotten, up to eight.</summary>
    /// <remarks>Called before other threads see the page. A visitor who came back is likely to come again, so the page remains an
    /// object, even where it forgets the earlier ones.</remarks>
    internal HandedPage After(HandedPage earlier, long now)
    {
        _use = Used;
        (_earlier, _pages) = earlier.Due > now && earlier._pages < MaxPages ? (earlier, earlier._pages + 1) : (null, 1);
        return this;
    }

    /// <summary>Returns the page that a navigation comes from, or null.</summary>
    /// <param name="referrer">The navigation's <c>Referer</c>.</param>
    /// <param name="now">The current timestamp.</param>
    /// <remarks>A site may tell browsers to send no <c>Referer</c>, or only the host, which looks like the home page. Then it is
    /// the last page, unless the home page is among them. The referrer may end with the page's address, because a proxy may
    /// remove the beginning of the path.</remarks>
    internal HandedPage? Find(string referrer, long now)
    {
        var wanted = PathOf(referrer);
        HandedPage? similar = null;
        for (var page = this; page is not null && page.Due > now; page = page._earlier)
        {
            if (page.Address == PageAddress.Of(wanted))
            {
                return page;
            }

            similar ??= page.Address.IsEndOf(wanted) ? page : null;
        }

        return similar ?? (wanted is "" or "/" && due > now ? this : null);
    }

    /// <summary>Returns the path and the query of a referrer, or an empty text.</summary>
    internal static ReadOnlySpan<char> PathOf(ReadOnlySpan<char> referrer)
    {
        var scheme = referrer.IndexOf("://", StringComparison.Ordinal);
        var host = scheme < 0 ? [] : referrer[(scheme + 3)..];
        return host.IndexOf('/') is >= 0 and var path ? host[path..] : [];
    }

    /// <summary>Whether the page passed all exposures of a ledger to the engine.</summary>
    internal bool HasAll(ExposureLedger other)
    {
        foreach (var entry in other)
        {
            if (FindEntry(entry.Exposure) is null)
            {
                return false;
            }
        }

        return true;
    }

    /// <summary>Takes the exposures back that the engine still owns.</summary>
    internal IEnumerable<ExposureEntry> TakeBack(int generation)
    {
        List<ExposureEntry> taken = [];
        foreach (var entry in ledger)
        {
            if (entry.CarryFromEngine())
            {
                taken.Add(entry);
            }
        }

        if (taken.Count > 0)
        {
            Volatile.Write(ref _generation, generation);
        }

        return taken;
    }

    /// <summary>Whether an exposure was taken back from one of the pages after a generation.</summary>
    internal bool IsTakenBack(in Exposure exposure, int generation)
    {
        for (var page = this; page is not null; page = page._earlier)
        {
            if (Volatile.Read(ref page._generation) > generation && page.FindEntry(exposure) is { State: ExposureState.Carried })
            {
                return true;
            }
        }

        return false;
    }

    /// <summary>Gives an exposure to the server, because a page reported it.</summary>
    internal void GiveToServer(in Exposure exposure)
    {
        for (var page = this; page is not null; page = page._earlier)
        {
            page.FindEntry(exposure)?.GiveFromEngineToServer();
        }
    }

    private ExposureEntry? FindEntry(in Exposure exposure)
    {
        foreach (var entry in ledger)
        {
            if (entry.Exposure == exposure)
            {
                return entry;
            }
        }

        return null;
    }
}
