using Kameleoon.Hybrid.Decisions;

namespace Kameleoon.Hybrid;

/// <summary>Adds a visitor's history to what is known of the visitor. What is known already stays, except scores.</summary>
internal static class HistoryMerge
{
    internal static VisitorSnapshot With(this VisitorSnapshot known, RemoteVisitorData history) => known with
    {
        CustomData = history.CustomData.Aggregate(known.CustomData, static (all, added) =>
            all.Find(added.Index!.Value) is null ? all.With(added.Index.Value, added.Values) : all),
        Goals = history.Conversions.Aggregate(known.Goals, static (all, added) =>
            all.Find(added.GoalId) < added.Time ? all.With(added.GoalId, added.Time) : all),
        LatestPage = known.LatestPage ?? (history.PageViews is [{ } page, ..] ? new VisitorPage(page.Address, page.Title) : null),
        PageViews = known.PageViews + (known.Past.HasPages ? 0 : history.PageViews.Sum(static page => page.Count)),
        Location = known.Location
            ?? (history.Geolocation is { } place ? new VisitorLocation(place.Country, place.Region, place.City) : null),
        Device = known.Device ?? history.Device?.Type,
        Browser = known.Browser
            ?? (history.Browser is { } browser ? new VisitorBrowser(browser.Type, browser.Version) : null),
        OperatingSystem = known.OperatingSystem ?? history.OperatingSystem?.Type,
        Past = known.Past with
        {
            HasPages = known.Past.HasPages || history.PageViews.Count > 0,
            Visits = known.Past.Visits
                ?? (history.PreviousVisits.Count > 0 ? [.. history.PreviousVisits.Select(static visit => visit.Started)] : null),
            Personalizations = [.. known.Past.Personalizations
                .Concat(history.Personalizations).DistinctBy(static seen => seen.Id)],
            Kcs = history.Kcs.Count > 0 ? history.Kcs : known.Past.Kcs,
            Cbs = history.Cbs.Count > 0 ? history.Cbs : known.Past.Cbs,
        },
    };

    /// <summary>How often the visitor came before, which the platform counts only if it is told; null when never.</summary>
    internal static VisitCounters? Counters(this RemoteVisitorData history, DateTimeOffset started)
    {
        if (history.PreviousVisits.Count == 0)
        {
            return null;
        }

        var last = history.PreviousVisits.FirstOrDefault(visit => visit.LastEvent <= started);
        return new VisitCounters(history.VisitNumber, last is null ? TimeSpan.Zero : started - last.LastEvent);
    }
}
