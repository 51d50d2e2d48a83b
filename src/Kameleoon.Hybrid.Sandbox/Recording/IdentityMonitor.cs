using System.Text.Json.Serialization;

namespace Kameleoon.Hybrid.Sandbox;

/// <summary>Detects visitors whose browser and server use different visitor codes, or report different variations.
/// </summary>
internal sealed class IdentityMonitor
{
    private const int MaxWarnings = 200;
    private const int MaxTabs = 10_000;

    // From the server's answer to the engine's first words in the same page.
    private static readonly TimeSpan OnePage = TimeSpan.FromSeconds(30);

    private readonly Dictionary<string, string> _tabs = new(StringComparer.Ordinal);
    private readonly Dictionary<string, (RecordedVisitor Visitor, DateTimeOffset Time)> _served =
        new(StringComparer.Ordinal);

    private readonly Dictionary<string, EngineLoads> _loads = new(StringComparer.Ordinal);

    private readonly HashSet<(IdentityProblem, string, string)> _reported = [];
    private readonly Queue<IdentityWarning> _warnings = [];

    internal IReadOnlyCollection<IdentityWarning> Warnings => _warnings;

    /// <summary>Looks at an engine's request, once for its visitor.</summary>
    internal void CheckEngineRequest(BrowserIdentity facts, RecordedVisitor visitor, DateTimeOffset now)
    {
        if (facts.Cookie is { } cookie && !cookie.Is(visitor.Code))
        {
            AddWarning(IdentityProblem.CookieDiffers, visitor.Code, cookie, now,
                $"The cookie says {cookie}, but the engine reports as {visitor.Code}. "
                + "The server will decide for the one, the events belong to the other.");
        }

        if (facts.Tab is { } tab)
        {
            if (_tabs.TryGetValue(tab, out var before) && !before.Is(visitor.Code))
            {
                AddWarning(IdentityProblem.TwoCodes, visitor.Code, before, now,
                    $"One browser tab reported as {before} first and as {visitor.Code} now. "
                    + "At a login that is intended; otherwise one person counts as two.");
            }

            if (_tabs.Count >= MaxTabs)
            {
                _tabs.Clear();
            }

            _tabs[tab] = visitor.Code;
        }

        CheckLostCookie(facts, visitor, now);
    }

    private void CheckLostCookie(BrowserIdentity facts, RecordedVisitor visitor, DateTimeOffset now)
    {
        if (visitor.SeenBy == EventSenders.None && facts.UserAgent is { } agent
            && _served.TryGetValue(agent, out var served)
            && !served.Visitor.Code.Is(visitor.Code)
            && !served.Visitor.SeenBy.HasFlag(EventSenders.Engine)
            && now - served.Time < OnePage)
        {
            AddWarning(IdentityProblem.CookieLost, visitor.Code, served.Visitor.Code, now,
                $"The server decided for {served.Visitor.Code}, and the same browser came back as {visitor.Code}: "
                + "the cookie was probably not kept.");
        }
    }

    /// <summary>Notes the cookie with which a browser loaded the engine, before the engine may have written it again.
    /// </summary>
    internal void RecordEngineLoad(BrowserIdentity facts, DateTimeOffset now)
    {
        if (facts.UserAgent is not { } agent)
        {
            return;
        }

        if (_loads.Count >= MaxTabs)
        {
            _loads.Clear();
        }

        _loads.TryAdd(agent, new EngineLoads());
        _loads[agent].Add(facts.Cookie, now, OnePage);
    }

    /// <summary>Looks at a page the engine reports, of which it was loaded a moment before.</summary>
    internal void CheckPage(BrowserIdentity facts, RecordedVisitor visitor, DateTimeOffset now)
    {
        if (facts.UserAgent is { } agent && _loads.TryGetValue(agent, out var loads)
            && loads.MatchPage(visitor.Code, now, OnePage) is { } cookie)
        {
            AddWarning(IdentityProblem.CookieDiffers, visitor.Code, cookie, now,
                $"The page was loaded with the cookie {cookie}, but the engine reports as {visitor.Code}, from its own "
                + "storage. The server decided for the one, the events belong to the other.");
        }
    }

    /// <summary>Looks at a server's line.</summary>
    internal void RecordServerRequest(RecordedVisitor visitor, string? userAgent, DateTimeOffset now)
    {
        if (userAgent is not null)
        {
            if (_served.Count >= MaxTabs)
            {
                _served.Clear();
            }

            _served[userAgent] = (visitor, now);
        }
    }

    /// <summary>Looks at an exposure that was just counted.</summary>
    internal void CheckExposure(
        RecordedVisitor visitor, ExposureCount exposure, EventSenders before, EventBatch batch, DateTimeOffset now)
    {
        var reporter = Reporters.Of(batch);
        var other = visitor.Exposures.FirstOrDefault(
            entry => entry.Key.ExperimentId == exposure.ExperimentId && entry.Key != exposure);
        if (other.Key is { } seen)
        {
            var second = Reporters.OtherThan(reporter, other.Value);
            var who = second == EventSenders.None ? "The variation changed" : $"{Reporters.Pair(reporter, second)} disagree";
            AddWarning(IdentityProblem.VariationsDiffer, visitor.Code, $"{exposure.ExperimentId}", now,
                $"{who}: {visitor.Code} got {Name(seen)} first and {Name(exposure)} now, "
                + $"in experiment {exposure.ExperimentId}.");
        }

        if (!before.HasFlag(reporter) && Reporters.OtherThan(reporter, before) is not EventSenders.None and var earlier)
        {
            var isBrowserSdk = (reporter | earlier).HasFlag(EventSenders.BrowserSdk);
            AddWarning(
                isBrowserSdk ? IdentityProblem.BrowserSdkReports : IdentityProblem.ReportedTwice,
                visitor.Code,
                $"{exposure.ExperimentId}",
                now,
                $"{Reporters.Pair(reporter, earlier)} both reported that {visitor.Code} saw {Name(exposure)} in experiment "
                + $"{exposure.ExperimentId}. "
                + (isBrowserSdk
                    ? "Call getVariation of the SDK for JavaScript or React with track: false on pages with the Kameleoon tag."
                    : "One of them has to leave it to the other."));
        }
    }

    internal void Clear()
    {
        _tabs.Clear();
        _served.Clear();
        _loads.Clear();
        _reported.Clear();
        _warnings.Clear();
    }

    private static string Name(ExposureCount exposure) => exposure.Variation ?? $"variation {exposure.VariationId}";

    private void AddWarning(IdentityProblem problem, string code, string other, DateTimeOffset now, string text)
    {
        if (!_reported.Add((problem, code, other)))
        {
            return;
        }

        _warnings.Enqueue(new IdentityWarning(now, problem, code, other, text));
        if (_warnings.Count > MaxWarnings)
        {
            var gone = _warnings.Dequeue();
            _reported.Remove((gone.Problem, gone.VisitorCode, gone.Other));
        }
    }
}

/// <summary>A warning about the identity of a visitor.</summary>
internal sealed record IdentityWarning(
    DateTimeOffset Time, IdentityProblem Problem, string VisitorCode, string Other, string Text);

/// <summary>The identity problems that are detected.</summary>
[JsonConverter(typeof(JsonStringEnumConverter<IdentityProblem>))]
internal enum IdentityProblem
{
    /// <summary>One browser tab, two visitor codes.</summary>
    [JsonStringEnumMemberName("twoCodes")]
    TwoCodes,

    /// <summary>The cookie holds another code than the engine reports.</summary>
    [JsonStringEnumMemberName("cookieDiffers")]
    CookieDiffers,

    /// <summary>The browser came back with a code of its own.</summary>
    [JsonStringEnumMemberName("cookieLost")]
    CookieLost,

    /// <summary>Two variations of one experiment.</summary>
    [JsonStringEnumMemberName("variationsDiffer")]
    VariationsDiffer,

    /// <summary>One exposure, two reports.</summary>
    [JsonStringEnumMemberName("reportedTwice")]
    ReportedTwice,

    /// <summary>One exposure, reported by an SDK in the page as well.</summary>
    [JsonStringEnumMemberName("browserSdkReports")]
    BrowserSdkReports,
}
