using System.Globalization;
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

    /// <summary>Whether the browser's cookie has to be written although its value is right.</summary>
    internal bool IsDue(HttpRequest request, string code)
    {
        var stamp = CookieHeader.First(request.Headers.Cookie, StampName, static _ => true, out _).AsSpan();
        var dot = stamp.IndexOf('.');
        return dot < 0
            || !int.TryParse(stamp[..dot], NumberStyles.None, CultureInfo.InvariantCulture, out var day)
            || !stamp[(dot + 1)..].SequenceEqual(code)
            || Today() - day is < 0 or >= RenewalDays;
    }

    internal void Write(HttpContext context, string code)
    {
        CheckDomain(context.Request.Host.Host);
        var expires = _clock.GetUtcNow().AddDays(LifetimeDays).ToString("R", CultureInfo.InvariantCulture);
        var attributes = string.Create(
            CultureInfo.InvariantCulture,
            $"; expires={expires}; max-age={LifetimeDays * 86400}; path=/{(_domain is null ? "" : "; domain=" + _domain)}"
            + $"; samesite=lax{(_secure ?? context.Request.IsHttps ? "; secure" : "")}");
        var headers = context.Response.Headers;
        headers.Append("Set-Cookie", $"{Name}={code}{attributes}");
        headers.Append("Set-Cookie", string.Create(
            CultureInfo.InvariantCulture,
            $"{StampName}={Today()}.{code}{attributes}; httponly"));
    }

    /// <summary>Takes both cookies from the browser, wherever this server or the engine has put them.</summary>
    internal void Remove(HttpContext context)
    {
        const string gone = "; expires=Thu, 01 Jan 1970 00:00:00 GMT; max-age=0; path=/";
        var headers = context.Response.Headers;
        foreach (var name in (ReadOnlySpan<string>)[Name, StampName])
        {
            headers.Append("Set-Cookie", name + "=" + gone);
            if (_domain is not null)
            {
                headers.Append("Set-Cookie", $"{name}={gone}; domain={_domain}");
            }
        }
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
