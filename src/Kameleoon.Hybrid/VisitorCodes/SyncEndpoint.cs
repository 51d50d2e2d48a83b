using Kameleoon.Hybrid.Decisions;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Options;

namespace Kameleoon.Hybrid;

/// <summary>Turns the code that a script keeps in the browser into a cookie of this server, for pages that are served
/// elsewhere.</summary>
/// <remarks>The engine calls it once a session. It never makes up a code: on such pages that is the engine's part.
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

    private readonly string? _domain = options.Value.Cookie.Domain is { } domain ? HostNames.Normalize(domain) : null;
    private readonly HashSet<string> _origins = new(options.Value.Cookie.SyncOrigins, StringComparer.OrdinalIgnoreCase);

    internal Task AnswerAsync(HttpContext context)
    {
        // Whatever the middleware would have made of this request: its answer is this endpoint's.
        var visitor = context.Features.Get<RequestVisitor>();
        visitor?.LeaveCookie();
        var response = context.Response;
        response.Headers.CacheControl = "no-store";
        response.StatusCode = StatusCodes.Status204NoContent;
        if (!IsOfThisSite(context.Request))
        {
            metrics.VisitorCodeRefused("sync");
            response.StatusCode = StatusCodes.Status403Forbidden;
            return Task.CompletedTask;
        }

        AllowOrigin(context);
        if (FindCode(context.Request) is { } code && visitor?.IsBot != true && IsAllowed(context, code))
        {
            cookie.Write(context, code);
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

    // Another site could give its visitors a code of its choice here, by an image in its page.
    private bool IsOfThisSite(HttpRequest request) => request.Headers["Sec-Fetch-Site"].ToString() switch
    {
        "same-origin" or "same-site" => true,
        "" => Sender(request) is { } sender
            && (string.Equals(sender, request.Host.Host, StringComparison.OrdinalIgnoreCase)
                || (_domain is not null && HostNames.Covers(_domain, sender))),
        _ => false,
    };

    private static string? Sender(HttpRequest request)
    {
        var text = request.Headers.Origin is [{ Length: > 0 } origin, ..] ? origin : request.Headers.Referer.ToString();
        return Uri.TryCreate(text, UriKind.Absolute, out var address) ? address.Host : null;
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
    private bool IsAllowed(HttpContext context, string code)
    {
        if (configuration.Current is not { } dataFile)
        {
            return options.Value.Consent.AssumeNotRequired;
        }

        var known = gate.Of(code, dataFile);
        return dataFile is not { ConsentRequired: true, HasTargetedDelivery: false }
            || (consent.Read(context, known) is var said && said != Consent.Unknown ? said : known) != Consent.Refused;
    }
}
