using System.Globalization;
using Kameleoon.Hybrid.Decisions;
using Microsoft.AspNetCore.Http;

namespace Kameleoon.Hybrid;

/// <summary>Takes the word of a browser without JavaScript that it shows a page, and reports the page's exposures.</summary>
/// <remarks>
/// Believed only for the visitor who is known without the page's help, and for experiments and variations that the data file has, each once:
/// a forger can pretend to have seen a page, as he can by loading it.
/// </remarks>
internal sealed class SeenEndpoint(
    ConfigurationStore configuration,
    KameleoonClientServices services,
    VisitorCodeResolver codes,
    RequestVisitorServices visitors,
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
            && Audience.MaySee(context)
            && IsImageOfThisSite(context.Request)
            && !bots.IsBot(context.Request)
            && await codes.ResolveAsync(context) is
            {
                Source: not (VisitorCodeSource.Generated or VisitorCodeSource.QueryParameter), Code: var code,
            } resolved)
        {
            // The answer that the request tells may be news to this server.
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
        if (services.IsRepeated(code, exposure))
        {
            services.Drop("repeated");
            return;
        }

        var origin = EventOrigin.Of(code, services.Visitors.Find(code), Audience.UserAgentOf(context.Request));
        services.Consent.Report(TrackingEvent.Exposure(origin, exposure), dataFile);
    }

    // Our tag renders an image; a link or another site's page shows nobody ours.
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
