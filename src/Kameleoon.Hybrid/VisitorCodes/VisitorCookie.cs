using System.Globalization;
using System.Net;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;

namespace Kameleoon.Hybrid;

/// <summary>The cookie that carries the visitor code, and the stamp that says when this server last wrote it.</summary>
/// <remarks>
/// Safari keeps what a script wrote for seven days only, and a request does not tell who wrote a cookie. The stamp
/// does: it is written beside the code and scripts cannot touch it. Where it is missing, old, or about another code,
/// the code is due to be written again; everywhere else the response stays free of our <c>Set-Cookie</c>.
/// </remarks>
internal sealed class VisitorCookie
{
    internal const string Name = "kameleoonVisitorCode";
    internal const string StampName = "kameleoonVisitorCodeStamp";
    internal const string SignedInName = "kameleoonVisitorCodeUser";

    private const string Refused = "refused";
    private const int LifetimeDays = 380;
    private const int RenewalDays = 30;

    private readonly TimeProvider _clock;
    private readonly ILogger<VisitorCookie> _logger;
    private readonly bool? _secure;
    private readonly string? _domain;
    private int _mismatchLogged;

    public VisitorCookie(IOptions<KameleoonOptions> options, TimeProvider clock, ILogger<VisitorCookie> logger)
    {
        _clock = clock;
        _logger = logger;
        _secure = options.Value.Cookie.Secure;
        _domain = options.Value.Cookie.Domain is { } domain ? HostNames.Normalize(domain) : null;
    }

    internal static string? Read(HttpRequest request, out bool refused) =>
        CookieHeader.First(request.Headers.Cookie, Name, static code => VisitorCode.IsValidInCookie(code), out refused);

    /// <summary>Whether a <c>Set-Cookie</c> header is about one of the two cookies.</summary>
    internal static bool IsOurs(string? header) => header?.StartsWith(Name, StringComparison.Ordinal) == true;

    /// <summary>Whether the browser has kept that its visitor refused consent, which is all that is left of them.</summary>
    internal static bool SaysRefused(HttpRequest request) => CookieHeader.First(
        request.Headers.Cookie, StampName, static stamp => stamp is Refused, out _) is not null;

    /// <summary>Whether the browser has kept that its visitor was signed in.</summary>
    internal static bool SaysSignedIn(HttpRequest request) => CookieHeader.First(
        request.Headers.Cookie, SignedInName, static value => value is "1", out _) is not null;

    internal void WriteSignedIn(HttpContext context) => context.Response.Headers.Append(
        "Set-Cookie", $"{SignedInName}=1{Attributes(context)}; httponly");

    internal void RemoveSignedIn(HttpContext context) => context.Response.Headers.Append(
        "Set-Cookie", $"{SignedInName}={Attributes(context, days: 0)}; httponly");

    /// <summary>Whether the browser's cookie has to be written although its value is right.</summary>
    /// <remarks>Of two stamps, for instance of before and after a change of the domain, one that is fresh suffices.
    /// </remarks>
    internal bool IsDue(HttpRequest request, string code)
    {
        var today = Today();
        return CookieHeader.First(
            request.Headers.Cookie, StampName, (code, today), static (stamp, now) => IsFresh(stamp, now), out _) is null;
    }

    internal void Write(HttpContext context, string code)
    {
        CheckDomain(context.Request.Host.Host);
        var attributes = Attributes(context);
        var headers = context.Response.Headers;
        headers.Append("Set-Cookie", $"{Name}={code}{attributes}");
        headers.Append("Set-Cookie", string.Create(
            CultureInfo.InvariantCulture,
            $"{StampName}={Today()}.{code}{attributes}; httponly"));
    }

    /// <summary>Takes the visitor code from the browser, wherever this server or the engine has put it, and leaves behind
    /// that its visitor refused: without that the next page would ask, and experiment, anew.</summary>
    internal void Remove(HttpContext context)
    {
        const string gone = "=; expires=Thu, 01 Jan 1970 00:00:00 GMT; max-age=0; path=/";
        var headers = context.Response.Headers;
        headers.Append("Set-Cookie", Name + gone);

        // Which of these is registrable, browsers know; they pass over the others.
        var domain = IPAddress.TryParse(context.Request.Host.Host, out _) ? "" : context.Request.Host.Host;
        for (var dot = domain.IndexOf('.', StringComparison.Ordinal); dot > 0; dot = domain.IndexOf('.', StringComparison.Ordinal))
        {
            headers.Append("Set-Cookie", $"{Name}{gone}; domain={domain}");
            domain = domain[(dot + 1)..];
        }

        headers.Append("Set-Cookie", $"{StampName}={Refused}{Attributes(context)}; httponly");
    }

    private static bool IsFresh(string stamp, (string Code, int Today) now)
    {
        var dot = stamp.IndexOf('.', StringComparison.Ordinal);
        return dot > 0
            && int.TryParse(stamp.AsSpan(0, dot), NumberStyles.None, CultureInfo.InvariantCulture, out var day)
            && stamp.AsSpan(dot + 1).SequenceEqual(now.Code)
            && now.Today - day is >= 0 and < RenewalDays;
    }

    private string Attributes(HttpContext context, int days = LifetimeDays)
    {
        var expires = _clock.GetUtcNow().AddDays(days).ToString("R", CultureInfo.InvariantCulture);
        return string.Create(
            CultureInfo.InvariantCulture,
            $"; expires={expires}; max-age={days * 86400}; path=/{(_domain is null ? "" : "; domain=" + _domain)}"
            + $"; samesite=lax{(_secure ?? context.Request.IsHttps ? "; secure" : "")}");
    }

    private int Today() => (int)(_clock.GetUtcNow().ToUnixTimeSeconds() / 86400);

    private void CheckDomain(string host)
    {
        if (_domain is not null
            && !HostNames.Covers(_domain, host)
            && Interlocked.Exchange(ref _mismatchLogged, 1) == 0)
        {
            _logger.CookieDomainMismatch(_domain, host);
        }
    }
}
