using System.Runtime.InteropServices;

namespace Kameleoon.Hybrid;

/// <summary>Reads a visitor's history from the platform's response, the latest visit and the latest event first, so
/// that the first value found is the latest.</summary>
/// <remarks>Precedence is as in the official SDKs.</remarks>
internal static class VisitorHistory
{
    internal static RemoteVisitorData Read(VisitorAnswer answer, RemoteVisitorDataFilter filter)
    {
        var previous = answer.PreviousVisits?.OfType<VisitAnswer>().ToArray() ?? [];
        VisitAnswer[] visits = answer.CurrentVisit is { } current ? [current, .. previous] : previous;
        var device = visits.Select(static visit => visit.StaticDataEvent?.Data).FirstOrDefault(static data => data is not null);
        return new RemoteVisitorData
        {
            VisitorCode = visits.Select(static visit => visit.VisitorCode).FirstOrDefault(static code => !string.IsNullOrEmpty(code)),
            CustomData = [.. Events(visits, static visit => visit.CustomDataEvents)
                .Where(static found => found.Data.Index >= 0)
                .DistinctBy(static found => found.Data.Index)
                .Select(static found => new CustomData(found.Data.Index, [.. found.Data.ValuesCountMap?.Keys ?? Enumerable.Empty<string>()]))],
            PageViews = Pages(visits),
            Experiments = Assignments(visits, static visit => visit.ExperimentEvents),
            Personalizations = Assignments(visits, static visit => visit.PersonalizationEvents),
            Conversions = [.. Events(visits, static visit => visit.ConversionEvents)
                .Where(static found => found.Data.GoalId >= 0)
                .Select(static found => new RemoteConversion(
                    found.Data.GoalId, found.Data.Revenue, found.Data.Negative, found.Time))],
            Geolocation = Events(visits, static visit => visit.GeolocationEvents)
                .Where(static found => found.Data.Country is not null)
                .Select(static found => new Geolocation(found.Data.Country!, found.Data.Region, found.Data.City))
                .FirstOrDefault(),
            Device = filter.Device ? RemoteNames.Device(device?.DeviceType) : null,
            Browser = filter.Browser ? RemoteNames.Browser(device?.Browser, device?.BrowserVersion) : null,
            OperatingSystem = filter.OperatingSystem ? RemoteNames.OperatingSystem(device?.Os) : null,
            VisitNumber = VisitNumber(visits, answer.CurrentVisit is null ? 1 : 0, previous.Length),
            PreviousVisits = [.. previous.Select(static visit => new RemoteVisit(Time(visit.TimeStarted), Time(visit.TimeLastEvent)))],
            Kcs = Scores(answer.Kcs),
            Cbs = Scores(answer.Cbs),
        };
    }

    private static int VisitNumber(VisitAnswer[] visits, int offset, int atLeast)
    {
        for (var i = 0; i < visits.Length; i++)
        {
            if (visits[i].StaticDataEvent?.Data?.VisitNumber is { } number)
            {
                return Math.Max(number + i + offset, atLeast);
            }
        }

        return atLeast;
    }

    private static List<RemotePageView> Pages(VisitAnswer[] visits)
    {
        var pages = new OrderedDictionary<string, RemotePageView>(StringComparer.Ordinal);
        foreach (var (time, page) in Events(visits, static visit => visit.PageEvents))
        {
            if (string.IsNullOrEmpty(page.Href))
            {
                continue;
            }

            pages[page.Href] = pages.TryGetValue(page.Href, out var known)
                ? known with { Count = known.Count + 1 }
                : new RemotePageView(page.Href, page.Title, 1, time);
        }

        return [.. pages.Values];
    }

    private static RemoteAssignment[] Assignments(
        VisitAnswer[] visits, Func<VisitAnswer, IReadOnlyList<EventAnswer<AssignmentAnswer>?>?> events) =>
        [.. Events(visits, events)
            .DistinctBy(static found => found.Data.Id)
            .Select(static found => new RemoteAssignment(found.Data.Id, found.Data.VariationId, found.Time))];

    private static IEnumerable<Found<T>> Events<T>(
        VisitAnswer[] visits, Func<VisitAnswer, IReadOnlyList<EventAnswer<T>?>?> events)
        where T : class =>
        from visit in visits
        from happened in (events(visit) ?? []).Reverse()
        where happened?.Data is not null
        select new Found<T>(Time(happened!.Time), happened.Data!);

    private static Dictionary<long, IReadOnlyDictionary<long, double>> Scores(Dictionary<long, Dictionary<long, double>?>? scores) =>
        (scores ?? []).Where(static entry => entry.Value is not null)
            .ToDictionary(static entry => entry.Key, static entry => (IReadOnlyDictionary<long, double>)entry.Value!);

    // The value comes from the network. An invalid time must not throw.
    private static DateTimeOffset Time(long milliseconds) => DateTimeOffset.FromUnixTimeMilliseconds(Math.Clamp(
        milliseconds, DateTimeOffset.MinValue.ToUnixTimeMilliseconds(), DateTimeOffset.MaxValue.ToUnixTimeMilliseconds()));

    [StructLayout(LayoutKind.Auto)]
    private readonly record struct Found<T>(DateTimeOffset Time, T Data);
}
