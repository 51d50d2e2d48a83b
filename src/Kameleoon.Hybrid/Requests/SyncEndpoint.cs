using Kameleoon.Hybrid.Decisions;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Options;

namespace Kameleoon.Hybrid;

/// <summary>Turns the code that a script keeps in the browser into a cookie of this server, for pages that are served
/// elsewhere.</summary>
/// <remarks>The engine calls it once a session. It never generates a code; on such pages the engine does.
/// </remarks>
internal sealed class SyncEndpoint(
    VisitorCookie cookie,
    ConfigurationStore configuration,
    ConsentReader consent,
    ConsentGate gate,
    KameleoonMetrics metrics,
    IOptions<KameleoonOptions> options)
{
    internal const string ParameterName = "visitorCode";

    private readonly string? _domain = HostNames.NormalizeOrNull(options.Value.Cookie.Domain);
    private readonly HashSet<string> _origins = new(options.Value.Cookie.SyncOrigins, StringComparer.OrdinalIgnoreCase);

    internal Task AnswerAsync(HttpContext context)
    {
        // The middleware must not write the cookie in this response; the endpoint does.
        var visitor = context.Features.Find<RequestVisitor>();
        visitor?.LeaveCookie();
        var response = context.Response;
        response.Headers.CacheControl = "no-store";
        response.StatusCode = StatusCodes.Status204NoContent;

        // Another site could give its visitors a code of its choice here, by an image in its page.
        if (!RequestOrigin.IsThisSite(context.Request, _domain))
        {
            metrics.VisitorCodeRefused("sync");
            response.StatusCode = StatusCodes.Status403Forbidden;
            return Task.CompletedTask;
        }

        AllowOrigin(context);
        if (FindCode(context.Request) is { } code && visitor?.IsBot != true)
        {
            Write(context, code);
        }

        return Task.CompletedTask;
    }

    private string? FindCode(HttpRequest request)
    {
        if (VisitorCookie.Read(request, out _) is { } known)
        {
            return known;
        }

        foreach (var name in (ReadOnlySpan<string>)[ParameterName, VisitorCookie.Name])
        {
            if (request.Query.TryGetValue(name, out var values))
            {
                if (values.Count == 1 && VisitorCode.IsValidInAddress(values[0]))
                {
                    return values[0];
                }

                metrics.VisitorCodeRefused("sync");
            }
        }

        return null;
    }

    private void AllowOrigin(HttpContext context)
    {
        var headers = context.Response.Headers;
        headers.Vary = "Origin";
        if (context.Request.Headers.Origin is [{ } origin, ..] && _origins.Contains(origin))
        {
            headers.AccessControlAllowOrigin = origin;
            headers.AccessControlAllowCredentials = "true";
        }
    }

    // The engine keeps a code in the browser only with consent; only a refusal that this server knows of is newer.
    private void Write(HttpContext context, string code)
    {
        var dataFile = configuration.DataFile;
        var isRefused = dataFile is { ConsentRequired: true } && HasRefused(context, code, dataFile);
        if (dataFile is null ? options.Value.Consent.AssumeNotRequired : !isRefused || dataFile.HasTargetedDelivery)
        {
            cookie.Write(context, code, isRefused);
        }
    }

    private bool HasRefused(HttpContext context, string code, DataFile dataFile)
    {
        var known = gate.Of(code, dataFile);
        return (consent.Read(context, known) is var said && said != Consent.Unknown ? said : known) == Consent.Refused;
    }
}
