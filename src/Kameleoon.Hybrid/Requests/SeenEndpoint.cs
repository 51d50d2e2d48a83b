using System.Globalization;
using Kameleoon.Hybrid.Decisions;
using Microsoft.AspNetCore.Http;

namespace Kameleoon.Hybrid;

/// <summary>Reports the exposures of a page when a browser requests the image that the page contains for it.</summary>
/// <remarks>
/// Used by browsers without JavaScript, and by pages fetched ahead once they are shown. A request counts only for the visitor of
/// the cookie, and for experiments and variations of the data file, each once. A forged request can claim no more than a page
/// that was loaded.
/// </remarks>
internal sealed class SeenEndpoint(
    ConfigurationStore configuration,
    VisitorServices services,
    VisitorCodeResolver codes,
    RequestVisitorFactory visitors,
    BotFilter bots)
{
    private const int MaxExposures = 100;

    internal static void WriteQuery(TextWriter writer, ReadOnlySpan<Exposure> exposures)
    {
        var separator = "?e=";
        foreach (ref readonly var exposure in exposures)
        {
            writer.Write(separator);
            EngineTrackingCode.Write(writer, exposure.ExperimentId);
            writer.Write('.');
            EngineTrackingCode.Write(writer, exposure.VariationId);
            separator = "_";
        }
    }

    internal async Task AnswerAsync(HttpContext context)
    {
        context.Response.StatusCode = StatusCodes.Status204NoContent;
        context.Response.Headers.CacheControl = "no-store";
        if (HttpMethods.IsGet(context.Request.Method)
            && configuration.DataFile is { } dataFile
            && RequestIntent.MaySee(context)
            && IsImageOfThisSite(context.Request)
            && !bots.IsBot(context.Request)
            && await codes.ResolveAsync(context) is
            {
                Source: not (VisitorCodeSource.Generated or VisitorCodeSource.QueryParameter), Code: var code,
            } resolved)
        {
            // Stores the consent that the request tells, which this server may not know yet.
            visitors.Create(context, resolved).ConsentUnder(dataFile);
            var pairs = Parse(context.Request.Query["e"].ToString());
            foreach (var (experiment, variation) in pairs.DistinctBy(pair => pair.ExperimentId))
            {
                if (Exposure.Find(dataFile, experiment, variation) is { } known)
                {
                    Report(context, code, known, dataFile);
                }
            }
        }
    }

    private void Report(HttpContext context, string code, in Exposure exposure, DataFile dataFile)
    {
        if (services.Exposures.IsRepeatedByPage(code, exposure))
        {
            services.Drop("repeated");
            return;
        }

        var origin = EventOrigin.Of(code, services.Store.Find(code), RequestIntent.UserAgentOf(context.Request));
        services.Consent.Report(TrackingEvent.Exposure(origin, exposure), dataFile);
    }

    // The tag renders an image. A link, or another site's page, does not show that page.
    private static bool IsImageOfThisSite(HttpRequest request) =>
        request.Headers["Sec-Fetch-Dest"].ToString() is "" or "image"
        && request.Headers["Sec-Fetch-Site"].ToString() is not "cross-site";

    private static IEnumerable<(long ExperimentId, long VariationId)> Parse(string text)
    {
        foreach (var pair in text.Split('_', MaxExposures))
        {
            var dot = pair.IndexOf('.', StringComparison.Ordinal);
            if (dot > 0
                && long.TryParse(pair.AsSpan(0, dot), NumberStyles.None, CultureInfo.InvariantCulture, out var experiment)
                && long.TryParse(pair.AsSpan(dot + 1), NumberStyles.None, CultureInfo.InvariantCulture, out var variation))
            {
                yield return (experiment, variation);
            }
        }
    }
}
