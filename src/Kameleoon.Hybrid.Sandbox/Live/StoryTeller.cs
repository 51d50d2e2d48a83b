using System.Globalization;
using Microsoft.AspNetCore.WebUtilities;
using Microsoft.Extensions.Primitives;

namespace Kameleoon.Hybrid.Sandbox;

/// <summary>Tells the story of one visitor from events, requests and doubts.</summary>
internal sealed class StoryTeller(
    Recorder recorder, HitLog hits, RecordedFacts facts, SandboxDataFile dataFile, SandboxClock clock)
{
    private const string Cookie = "kameleoonVisitorCode";

    private static readonly Dictionary<string, string> Steps = new(StringComparer.Ordinal)
    {
        ["engine"] = "The engine was loaded",
        ["engine-configuration"] = "The engine asked for its configuration",
        ["engine-campaigns"] = "The engine asked for its campaigns",
        ["live-experiments"] = "The engine asked for live campaigns",
        ["campaign"] = "The engine asked for the code of a variation",
        ["visitor"] = "The visitor's history was read",
        ["ip"] = "The engine asked for the address",
        ["geolocation"] = "The engine asked for the place",
        ["sync"] = "The server wrote the visitor cookie",
    };

    internal LiveStory Tell(string code)
    {
        var (codes, moments) = recorder.Read(view =>
        {
            var all = view.Links.CodesOf(code).Append(code).Distinct(StringComparer.Ordinal).ToList();
            return (all, all.SelectMany(one => MomentsOf(view, one)).ToList());
        });
        moments.AddRange(hits.Read().SelectMany(hit => StepsOf(hit, codes)));
        return new LiveStory(code, codes, [.. moments.OrderBy(moment => moment.Time)], DecisionsOf(code));
    }

    private static IEnumerable<LiveMoment> MomentsOf(RecorderView view, string code)
    {
        if (view.Visitors.Find(code) is { } visitor)
        {
            foreach (var visit in visitor.Visits)
            {
                var text = string.Create(CultureInfo.InvariantCulture, $"Visit {visit.Number} began");
                yield return new LiveMoment(visit.Started, "sandbox", "visit", text);
            }

            foreach (var entry in visitor.Events)
            {
                yield return new LiveMoment(entry.Time, entry.Sender.Name(), "event", null, entry);
            }
        }

        foreach (var warning in view.Warnings.Where(one => one.VisitorCode.Is(code) || one.Other.Is(code)))
        {
            yield return new LiveMoment(warning.Time, "sandbox", "warning", warning.Text);
        }
    }

    private static IEnumerable<LiveMoment> StepsOf(Hit hit, List<string> codes)
    {
        var told = hit.Endpoint is "steps";
        if (!Steps.TryGetValue(hit.Endpoint, out var step) && !told)
        {
            yield break;
        }

        var cookie = CookieOf(hit);
        var query = QueryHelpers.ParseQuery(hit.Url[(hit.Url.IndexOf('?', StringComparison.Ordinal) + 1)..]);
        var named = query.GetValueOrDefault("visitorCode").ToString() is { Length: > 0 } own
            ? own
            : query.GetValueOrDefault(Cookie).ToString();
        if (told)
        {
            // Who aborts before the visitor is known is who the cookie says.
            if (codes.Contains(named.Length > 0 ? named : cookie ?? "", StringComparer.Ordinal))
            {
                foreach (var line in (hit.Body ?? "").Split('\n', StringSplitOptions.RemoveEmptyEntries))
                {
                    yield return new LiveMoment(hit.Time, "engine", "step", $"The engine says: {line}");
                }
            }
        }
        else if (cookie is not null && codes.Contains(cookie, StringComparer.Ordinal))
        {
            yield return new LiveMoment(hit.Time, "browser", "cookie", $"{step}; the cookie says {cookie}");
        }
        else if (codes.Contains(named, StringComparer.Ordinal))
        {
            var server = hit.Endpoint is "visitor" && hit.Headers.ContainsKey("Authorization");
            yield return new LiveMoment(hit.Time, server ? "server" : "engine", "request", step);
        }
    }

    private static string? CookieOf(Hit hit) => hit.Headers.GetValueOrDefault("Cookie")?
        .Split(';', StringSplitOptions.TrimEntries)
        .FirstOrDefault(pair => pair.StartsWith(Cookie + "=", StringComparison.Ordinal))?[(Cookie.Length + 1)..];

    private List<LiveDecision> DecisionsOf(string code)
    {
        if (dataFile.Recently().Served is not { } project)
        {
            return [];
        }

        var stated = facts.Of(code).ToDictionary(
            fact => fact.Key, fact => new StringValues([.. fact.Value]), StringComparer.Ordinal);
        var visitor = new StatedFacts(stated, project.Data, clock.GetLocalNow()).Of(code);
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
