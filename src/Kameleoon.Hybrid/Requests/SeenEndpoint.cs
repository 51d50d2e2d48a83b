using System.Globalization;
using Kameleoon.Hybrid.Decisions;
using Microsoft.AspNetCore.Http;

namespace Kameleoon.Hybrid;

/// <summary>Reports the exposures of a page when the page reports that it was shown without the engine, and passes on what a
/// page reports of its visitor codes.</summary>
/// <remarks>
/// Browsers without JavaScript request an image, and so do prefetched pages once they are shown. Other pages send a
/// beacon when the engine has not run before the page is left. A request counts only for the visitor of
/// the cookie, and for experiments and variations of the data file, each once. A forged request can claim no more than a page
/// that was loaded.
/// </remarks>
internal sealed class SeenEndpoint(
    ConfigurationStore configuration,
    VisitorServices services,
    VisitorCodeResolver codes,
    RequestVisitorFactory visitors,
    BotFilter bots,
    KameleoonMetrics metrics,
    IdentityHandshake? handshake = null)
{
    /// <summary>The query of a message about visitor codes, which <see cref="IdentityHandshake"/> answers.</summary>
    internal const string IdentityQuery = "?i=1";

    /// <summary>The most exposures of one request. A page with more sends several.</summary>
    internal const int MaxExposures = 100;

    /// <summary>Writes the query by which a page reports its exposures.</summary>
    /// <param name="writer">The page.</param>
    /// <param name="entries">The exposures, at most <see cref="MaxExposures"/>.</param>
    /// <param name="page">What the page tells of itself.</param>
    internal static void WriteQuery(TextWriter writer, ReadOnlySpan<ExposureEntry> entries, in SeenPage page)
    {
        var separator = "?e=";
        foreach (var entry in entries)
        {
            writer.Write(separator);
            EngineTrackingCode.Write(writer, entry.Exposure.ExperimentId);
            writer.Write('.');
            EngineTrackingCode.Write(writer, entry.Exposure.VariationId);
            separator = "_";
        }

        page.WriteTo(writer);
    }

    /// <summary>Reads an experiment and a variation, with a dot in between.</summary>
    internal static bool TryParse(string pair, out long experiment, out long variation)
    {
        variation = 0;
        var dot = Math.Max(0, pair.IndexOf('.', StringComparison.Ordinal));
        return long.TryParse(pair.AsSpan(0, dot), NumberStyles.None, CultureInfo.InvariantCulture, out experiment)
            && long.TryParse(pair.AsSpan(dot + 1), NumberStyles.None, CultureInfo.InvariantCulture, out variation);
    }

    internal Task AnswerAsync(HttpContext context)
    {
        context.Response.StatusCode = StatusCodes.Status204NoContent;
        context.Response.Headers.CacheControl = "no-store";
        if (!IsOfThisSite(context.Request) || bots.IsBot(context.Request, isEarly: true))
        {
            return Task.CompletedTask;
        }

        return HttpMethods.IsPost(context.Request.Method)
            && string.Equals(context.Request.QueryString.Value, IdentityQuery, StringComparison.Ordinal)
                ? handshake?.AnswerAsync(context) ?? Task.CompletedTask
                : ReportAsync(context);
    }

    private async Task ReportAsync(HttpContext context)
    {
        if (configuration.DataFile is { } dataFile
            && !RequestIntent.IsPrefetch(context.Request)
            && await codes.ResolveAsync(context) is
            {
                Source: not (VisitorCodeSource.Generated or VisitorCodeSource.QueryParameter),
            } resolved)
        {
            // Stores the consent that the request tells, which this server may not know yet.
            visitors.Create(context, resolved).ConsentUnder(dataFile);
            var isDoubled = context.Request.Query.ContainsKey("d");
            var page = SeenPage.Read(context.Request);
            var pairs = Parse(context.Request.Query["e"].ToString());
            foreach (var (experiment, variation) in pairs.DistinctBy(pair => pair.ExperimentId))
            {
                if (Exposure.Find(dataFile, experiment, variation) is not { } known)
                {
                    continue;
                }

                if (isDoubled)
                {
                    metrics.ReportedTwice();
                }
                else
                {
                    Report(context, resolved, page, known, dataFile);
                }
            }
        }
    }

    private void Report(
        HttpContext context, ResolvedVisitorCode resolved, in SeenPage page, in Exposure exposure, DataFile dataFile)
    {
        var code = resolved.Code;
        if (!page.MayBeOf(code, resolved.Source))
        {
            services.Drop("other_visitor");
            return;
        }

        if (services.Consent.IsRefused(code, exposure, dataFile))
        {
            services.Drop("consent");
            return;
        }

        if (services.Handed.WasTakenBack(code, exposure, page.Generation)
            || !services.Exposures.TryMarkReportedByPage(code, exposure, page.Number))
        {
            services.Drop("repeated");
            return;
        }

        services.Exposures.Reported(code, exposure, ResponseOutcome.Seen);
        using var use = services.Store.FindInUse(code);
        var origin = EventOrigin.Of(code, use.Session, RequestIntent.UserAgentOf(context.Request));
        var nonce = page.Number == 0 ? 0 : SeenReports.KeyOf(code, exposure, page.Number);
        services.Consent.Report(TrackingEvent.Exposure(origin, exposure) with { Nonce = nonce }, dataFile);
    }

    // The tag renders an image, and its script sends a message. A link, or another site's page, does not show that page.
    private static bool IsOfThisSite(HttpRequest request)
    {
        var destination = request.Headers["Sec-Fetch-Dest"].ToString();
        return HttpMethods.IsGet(request.Method)
            ? (destination is "" or "image") && request.Headers["Sec-Fetch-Site"].ToString() is not "cross-site"
            : HttpMethods.IsPost(request.Method) && (destination is "" or "empty") && RequestOrigin.IsThisHost(request);
    }

    private static IEnumerable<(long ExperimentId, long VariationId)> Parse(string text)
    {
        foreach (var pair in text.Split('_', MaxExposures))
        {
            if (TryParse(pair, out var experiment, out var variation))
            {
                yield return (experiment, variation);
            }
        }
    }
}
