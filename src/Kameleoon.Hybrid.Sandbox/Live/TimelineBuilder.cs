using System.Globalization;
using Microsoft.AspNetCore.WebUtilities;
using Microsoft.Extensions.Primitives;

namespace Kameleoon.Hybrid.Sandbox;

/// <summary>Builds the timeline of one visitor from recorded events, requests and identity warnings.</summary>
internal sealed class TimelineBuilder(
    Recorder recorder, RequestLog requestLog, RecordedFacts facts, ProjectFile dataFile, SandboxClock clock)
{
    private const string Cookie = "kameleoonVisitorCode";

    private static readonly Dictionary<string, string> Steps = new(StringComparer.Ordinal)
    {
        ["engine"] = "The engine was loaded",
        ["engine-configuration"] = "The engine asked for its configuration",
        ["engine-campaigns"] = "The engine asked for its campaigns",
        ["live-experiments"] = "The engine asked for live campaigns",
        ["campaign"] = "The engine asked for the code of a variation",
        ["audiences"] = "The engine asked for opportunity segments",
        ["products"] = "The engine asked for products",
        ["visitor"] = "The visitor's history was read",
        ["ip"] = "The engine asked for the address",
        ["geolocation"] = "The engine asked for the place",
        ["sync"] = "The server wrote the visitor cookie",
    };

    internal LiveTimeline Build(string code)
    {
        var (codes, moments) = recorder.Read(view =>
        {
            var all = view.Links.CodesOf(code).Append(code).Distinct(StringComparer.Ordinal).ToList();
            return (all, all.SelectMany(one => MomentsOf(view, one)).ToList());
        });
        moments.AddRange(requestLog.Read().SelectMany(request => EntriesOf(request, codes)));
        return new LiveTimeline(code, codes, [.. moments.OrderBy(moment => moment.Time)], DecisionsOf(code));
    }

    private static IEnumerable<LiveTimelineEntry> MomentsOf(RecorderView view, string code)
    {
        if (view.Visitors.Find(code) is { } visitor)
        {
            foreach (var visit in visitor.Visits)
            {
                var text = string.Create(CultureInfo.InvariantCulture, $"Visit {visit.Number} began");
                yield return new LiveTimelineEntry(visit.Started, "sandbox", "visit", text);
            }

            foreach (var entry in visitor.Events)
            {
                yield return new LiveTimelineEntry(entry.Time, entry.Sender.Name(), "event", null, entry);
            }
        }

        foreach (var warning in view.Warnings.Where(one => one.VisitorCode.Is(code) || one.Other.Is(code)))
        {
            yield return new LiveTimelineEntry(warning.Time, "sandbox", "warning", warning.Text);
        }
    }

    private static IEnumerable<LiveTimelineEntry> EntriesOf(RecordedRequest request, List<string> codes)
    {
        var cookie = CookieOf(request);
        var query = QueryHelpers.ParseQuery(request.Url[(request.Url.IndexOf('?', StringComparison.Ordinal) + 1)..]);
        var named = query.GetValueOrDefault("visitorCode").ToString() is { Length: > 0 } own
            ? own
            : query.GetValueOrDefault(Cookie).ToString();
        if (request.Endpoint is "steps")
        {
            return EngineSteps(request, named.Length > 0 ? named : cookie ?? "", codes);
        }

        return Steps.TryGetValue(request.Endpoint, out var step)
            && EntryOf(request, step, cookie, named, codes) is { } entry ? [entry] : [];
    }

    // An engine that aborts early does not know the visitor yet; the cookie does.
    private static IEnumerable<LiveTimelineEntry> EngineSteps(RecordedRequest request, string code, List<string> codes) =>
        codes.Contains(code, StringComparer.Ordinal)
            ? (request.Body ?? "").Split('\n', StringSplitOptions.RemoveEmptyEntries)
                .Select(line => new LiveTimelineEntry(request.Time, "engine", "step", $"The engine says: {line}"))
            : [];

    private static LiveTimelineEntry? EntryOf(
        RecordedRequest request, string step, string? cookie, string named, List<string> codes)
    {
        if (cookie is not null && codes.Contains(cookie, StringComparer.Ordinal))
        {
            return new LiveTimelineEntry(request.Time, "browser", "cookie", $"{step}; the cookie says {cookie}");
        }

        if (!codes.Contains(named, StringComparer.Ordinal))
        {
            return null;
        }

        var fromServer = request.Endpoint is "visitor" && request.Headers.ContainsKey("Authorization");
        return new LiveTimelineEntry(request.Time, fromServer ? "server" : "engine", "request", step);
    }

    private static string? CookieOf(RecordedRequest request) => request.Headers.GetValueOrDefault("Cookie")?
        .Split(';', StringSplitOptions.TrimEntries)
        .FirstOrDefault(pair => pair.StartsWith(Cookie + "=", StringComparison.Ordinal))?[(Cookie.Length + 1)..];

    private List<LiveDecision> DecisionsOf(string code)
    {
        if (dataFile.ReadRecent().ServedProject is not { } project)
        {
            return [];
        }

        var stated = facts.Of(code).ToDictionary(
            fact => fact.Key, fact => new StringValues([.. fact.Value]), StringComparer.Ordinal);
        var visitor = new VisitorFactsReader(stated, project.Data, clock).Of(code);
        return
        [
            .. project.Data.Flags.Select(flag =>
            {
                var decision = project.Data.Explain(flag.Key, visitor).Decision;
                return new LiveDecision(flag.Key, decision.Variation.Key, $"{decision.Variation.Reason}");
            }),
        ];
    }
}
