using System.Globalization;
using Microsoft.AspNetCore.Html;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;

namespace Kameleoon.Hybrid;

/// <summary>Decides which elements the tracking tag of a page renders.</summary>
internal sealed class TrackingTag(
    IOptions<KameleoonOptions> options,
    Nonces nonces,
    TagMistakes mistakes,
    ILogger<TrackingTag> logger,
    IdentityComparisons? comparisons = null)
{
    private readonly PathString _seenPath = options.Value.SeenPath;

    private readonly bool _sharesWithServer = options.Value.ExposureBy == ExposureOwner.Both;

    private readonly bool _keepsAll = options.Value.ExposureBy == ExposureOwner.Server;

    private readonly bool _numbersPages = !options.Value.ReportsExposuresOnce;

    private readonly string _sample = options.Value.Trust.Sample.ToString(CultureInfo.InvariantCulture);

    private readonly LogOnce _fetched = new();
    private readonly LogOnce _late = new();
    private readonly LogOnce _unsent = new();

    /// <summary>Takes the exposures that this page hands to the engine. The server keeps those of a page that cannot
    /// hand them over.</summary>
    internal ExposureEntry[] Take(HttpContext context)
    {
        var visitor = RequestVisitor.Of(context);
        visitor.NoticeErrorPage();
        var client = visitor.Client;
        if (!client.HasOpenExposures || !ResponseOutcomes.HasBody(context))
        {
            return [];
        }

        if (_keepsAll)
        {
            // A prefetched page may never be shown.
            return visitor.IsFetchedAhead ? client.TakeForPage() : [];
        }

        FindImposedCode(visitor);
        if (RequestIntent.RunsScripts(context.Request))
        {
            return client.TakeForEngine();
        }

        if (RequestIntent.IsFetched(context.Request) && RouteName.Of(context) is var route && _fetched.IsFirst(route))
        {
            logger.FetchedWithTracking(route);
        }

        return [];
    }

    /// <param name="context">The request whose page is being rendered.</param>
    /// <param name="entries">The result of <see cref="Take"/>.</param>
    /// <param name="nonce">The tag's attribute, or null.</param>
    /// <param name="guardPrerender">Whether nothing is reported before the page is shown.</param>
    /// <param name="commands">Further commands for the engine, each a statement.</param>
    /// <returns>The elements, or null when there is nothing to report.</returns>
    internal IHtmlContent? Create(
        HttpContext context, ExposureEntry[] entries, string? nonce, bool guardPrerender, string commands = "")
    {
        var visitor = RequestVisitor.Of(context);
        commands = Sendable(context, visitor, commands);
        if (entries.Length == 0 && commands.Length == 0)
        {
            return null;
        }

        if (visitor.Cell is null || commands.Length > 0)
        {
            visitor.Privacy.BecomePersonal();
            mistakes.RefuseCache(context, "kameleoon-tracking");
        }

        var parts = CreateParts(context, visitor, guardPrerender) with
        {
            Entries = entries,
            Commands = commands,
            Nonce = nonces.Find(context, nonce),
        };
        if (comparisons is null || !ComparesCodes(visitor))
        {
            return new PlainTrackingElements(parts);
        }

        comparisons.CountPage();
        return new ComparingTrackingElements(parts, visitor.Code, FindSeenPath(context, visitor), _sample, HasChangedCode(visitor));
    }

    /// <summary>Logs, once a route, that the server reports exposures which came after the page's tracking component was
    /// sent.</summary>
    internal void LogLate(RequestVisitor visitor, string route)
    {
        if (!_keepsAll && !visitor.IsBot && visitor.Client.HasOpenExposures && _late.IsFirst(route))
        {
            logger.DecidedAfterTracking(route);
        }
    }

    /// <summary>Logs, once a route, that the engine does not get a conversion or custom data which came after the page's tracking
    /// component was sent.</summary>
    internal void LogLateCommand(string route) => LogUnsent(route, "the page was sent before it was rendered");

    // Nothing for bots, after a refusal, and where the browser gets no page.
    private string Sendable(HttpContext context, RequestVisitor visitor, string commands)
    {
        if (commands.Length == 0 || visitor.IsBot || visitor.HasRefused || !ResponseOutcomes.HasBody(context))
        {
            return "";
        }

        if (RequestIntent.IsFetched(context.Request))
        {
            LogUnsent(RouteName.Of(context), "a script fetched the HTML, and browsers run no scripts in HTML that a script inserts");
        }

        return commands;
    }

    private void LogUnsent(string route, string reason)
    {
        if (_unsent.IsFirst(route))
        {
            logger.CommandUnsent(route, reason);
        }
    }

    private TrackingParts CreateParts(HttpContext context, RequestVisitor visitor, bool guardPrerender)
    {
        var isToldWhenShown = IsToldWhenShown(visitor);
        return new TrackingParts
        {
            ImposedCode = FindImposedCode(visitor),
            HasCommands = !_keepsAll,
            IsToldWhenShown = isToldWhenShown,
            GuardPrerender = guardPrerender || isToldWhenShown,
            IsLate = context.Response.HasStarted,
            SeenPath = isToldWhenShown || !_sharesWithServer ? FindSeenPath(context, visitor) : null,
            Visitor = MarkOf(visitor),
            Generation = GenerationFor(visitor),
            IsNumbered = NumbersPageOf(visitor),
            HasImage = !(visitor.IsFetchedAhead && RequestIntent.IsFetchedByScript(context.Request)),
        };
    }

    // The server reports its share of a page fetched ahead when the page is shown.
    private bool IsToldWhenShown(RequestVisitor visitor) => _keepsAll || (_sharesWithServer && visitor.IsFetchedAhead);

    // The middleware answers below the path base that it has. If a part of the path has become the path base since, that one does
    // not count; if a proxy has removed the path base from the address, it does.
    private string FindSeenPath(HttpContext context, RequestVisitor visitor)
    {
        var pathBase = context.Request.PathBase;
        return (pathBase != visitor.PathBase && IsPartOfAddress(context, pathBase.ToUriComponent()) ? visitor.PathBase : pathBase)
            .Add(_seenPath).ToUriComponent();
    }

    private static bool IsPartOfAddress(HttpContext context, string pathBase) =>
        context.Features.Find<IHttpRequestFeature>()?.RawTarget is { } target
        && target.StartsWith(pathBase, StringComparison.OrdinalIgnoreCase)
        && target.AsSpan(pathBase.Length) is [] or ['/' or '?', ..];

    // A cached page is the same for all visitors, and a stand-in for a code that the browser withheld is meant to differ.
    private bool ComparesCodes(RequestVisitor visitor) =>
        !_keepsAll && visitor is { Cell: null, HasRefused: false, Request.Resolved.IsStandIn: false };

    private static bool HasChangedCode(RequestVisitor visitor) => visitor.Request.Resolved is
    { Former: not null } or { Source: VisitorCodeSource.Linked, InCookie: false };

    private bool NumbersPageOf(RequestVisitor visitor) => _numbersPages && visitor.Cell is null;

    // A cached page is the same for all visitors.
    private static int MarkOf(RequestVisitor visitor) => visitor.Cell is null
        ? SeenPage.MarkOf(visitor.Code, isGenerated: visitor.Source == VisitorCodeSource.Generated)
        : 0;

    // A cached page is the same for all visitors.
    private static ushort GenerationFor(RequestVisitor visitor) =>
        visitor.Cell is null ? (ushort)Math.Min(visitor.Client.HandedGeneration, ushort.MaxValue) : (ushort)0;

    // Exposures need a code that the engine knows. An engine that runs in the page already has its own code.
    private static string? FindImposedCode(RequestVisitor visitor) =>
        visitor.HasEngine ? null : visitor.FindImposedCode();
}
