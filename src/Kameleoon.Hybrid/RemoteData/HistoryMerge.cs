using Kameleoon.Hybrid.Decisions;

namespace Kameleoon.Hybrid;

/// <summary>Adds a visitor's history on the platform to the visitor's data of this session.</summary>
/// <remarks>Data of this session takes precedence, except for the scores, which the platform computes. What a request tells
/// too is kept apart in <see cref="VisitorPast"/>, because the request takes precedence.</remarks>
internal static class HistoryMerge
{
    /// <summary>Returns the snapshot with the history added.</summary>
    internal static VisitorSnapshot With(this VisitorSnapshot known, RemoteVisitorData history) => known with
    {
        CustomData = history.CustomData.Aggregate(known.CustomData, static (all, added) =>
            all.Find(added.Index!.Value) is null ? all.With(added.Index.Value, added.Values) : all),
        Goals = history.Conversions.Aggregate(known.Goals, static (all, added) =>
            all.Find(added.GoalId) < added.Time ? all.With(added.GoalId, added.Time) : all),
        PageViews = known.PageViews + (known.Past.Pages.Count > 0 ? 0 : history.PageViews.Sum(static page => page.Count)),
        Location = known.Location ?? LocationOf(history),
        Past = With(known.Past, history),
    };

    /// <summary>Returns the counters of earlier visits, or null when there was no earlier visit.</summary>
    internal static VisitCounters? Counters(this RemoteVisitorData history, DateTimeOffset started)
    {
        if (history.PreviousVisits.Count == 0)
        {
            return null;
        }

        var last = history.PreviousVisits.FirstOrDefault(visit => visit.LastEvent <= started);
        return new VisitCounters(history.VisitNumber, last is null ? TimeSpan.Zero : started - last.LastEvent);
    }

    private static VisitorPast With(VisitorPast known, RemoteVisitorData history) => known with
    {
        Pages = [.. history.PageViews.Concat(known.Pages)
            .OrderByDescending(static page => page.Time)
            .DistinctBy(static page => page.Address, StringComparer.Ordinal).Take(2)],
        Device = known.Device ?? history.Device?.Type,
        Browser = known.Browser ?? BrowserOf(history),
        OperatingSystem = known.OperatingSystem ?? history.OperatingSystem?.Type,
        Visits = VisitsOf(history) ?? known.Visits,
        Personalizations = [.. known.Personalizations
            .Concat(history.Personalizations).DistinctBy(static seen => seen.Id)],
        Kcs = history.Kcs.Count > 0 ? history.Kcs : known.Kcs,
        Cbs = history.Cbs.Count > 0 ? history.Cbs : known.Cbs,
    };

    private static VisitorLocation? LocationOf(RemoteVisitorData history) =>
        history.Geolocation is { } place ? new VisitorLocation(place.Country, place.Region, place.City) : null;

    private static VisitorBrowser? BrowserOf(RemoteVisitorData history) =>
        history.Browser is { } browser ? new VisitorBrowser(browser.Type, browser.Version) : null;

    private static IReadOnlyList<DateTimeOffset>? VisitsOf(RemoteVisitorData history) =>
        history.PreviousVisits.Count > 0 ? [.. history.PreviousVisits.Select(static visit => visit.Started)] : null;
}
