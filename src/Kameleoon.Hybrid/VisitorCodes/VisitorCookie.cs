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
/// the code is due to be written again; everywhere else the response stays free of our <c>Set-Cookie</c>. It also keeps
/// that the visitor refused consent, alone where the code had to go, and as a mark where a delivery keeps it.
/// </remarks>
internal sealed class VisitorCookie
{
    internal const string Name = "kameleoonVisitorCode";
    internal const string StampName = "kameleoonVisitorCodeStamp";
    internal const string SignedInName = "kameleoonVisitorCodeUser";

    private const string Refused = "refused";
    private const string RefusedMark = Refused + ".";
    private const string Gone = "=; expires=Thu, 01 Jan 1970 00:00:00 GMT; max-age=0; path=/";
    private const int LifetimeDays = 380;
    private const int RenewalDays = 30;

    private readonly TimeProvider _clock;
    private readonly ILogger<VisitorCookie> _logger;
    private readonly bool? _secure;
    private readonly string? _domain;
    private readonly LogOnce _domainMismatch = new();

    public VisitorCookie(IOptions<KameleoonOptions> options, TimeProvider clock, ILogger<VisitorCookie> logger)
    {
        _clock = clock;
        _logger = logger;
        _secure = options.Value.Cookie.Secure;
        _domain = HostNames.NormalizeOrNull(options.Value.Cookie.Domain);
    }

    internal static string? Read(HttpRequest request, out bool refused) =>
        CookieHeader.First(request.Headers.Cookie, Name, static code => VisitorCode.IsValidInCookie(code), out refused);

    /// <summary>Whether a <c>Set-Cookie</c> header is about one of the two cookies.</summary>
    internal static bool IsOurs(string? header) => header?.StartsWith(Name, StringComparison.Ordinal) == true;

    /// <summary>Whether a response sets the visitor code.</summary>
    internal static bool IsWritten(HttpResponse response)
    {
        foreach (var header in response.Headers.SetCookie)
        {
            if (header is not null
                && header.StartsWith(Name, StringComparison.Ordinal)
                && header.AsSpan(Name.Length) is ['=', not ';', ..])
            {
                return true;
            }
        }

        return false;
    }

    /// <summary>Whether the browser has kept that its visitor refused consent.</summary>
    internal static bool SaysRefused(HttpRequest request) => CookieHeader.Any(
        request.Headers.Cookie, StampName, 0, static (stamp, _) => stamp is Refused || stamp.StartsWith(RefusedMark));

    /// <summary>Whether the browser has kept that its visitor was signed in.</summary>
    internal static bool SaysSignedIn(HttpRequest request) => CookieHeader.First(
        request.Headers.Cookie, SignedInName, static value => value is "1", out _) is not null;

    internal void WriteSignedIn(HttpContext context) => context.Response.Headers.Append(
        "Set-Cookie", $"{SignedInName}=1{Attributes(context)}; httponly");

    internal void RemoveSignedIn(HttpContext context) => context.Response.Headers.Append(
        "Set-Cookie", $"{SignedInName}={Attributes(context, days: 0)}; httponly");

    /// <summary>Whether the browser's cookie has to be written although its value is right.</summary>
    /// <param name="request">The request.</param>
    /// <param name="code">The value.</param>
    /// <param name="isRefused">Whether the visitor refused consent, so that the code is for deliveries only.</param>
    /// <remarks>Of two stamps, for instance of before and after a change of the domain, one that is fresh suffices.
    /// </remarks>
    internal bool IsDue(HttpRequest request, string code, bool isRefused) => !CookieHeader.Any(
        request.Headers.Cookie, StampName, (code, isRefused, Today()), static (stamp, now) => IsFresh(stamp, now));

    /// <summary>Writes code and stamp.</summary>
    /// <param name="context">The request.</param>
    /// <param name="code">The visitor code.</param>
    /// <param name="isRefused">Whether the visitor refused consent, so that the code is for deliveries only.</param>
    /// <param name="hasDuplicateCookie">Whether the browser has another code by the same name: where we write for a whole domain,
    /// that of the host alone has to go.</param>
    internal void Write(HttpContext context, string code, bool isRefused = false, bool hasDuplicateCookie = false)
    {
        CheckDomain(context.Request.Host.Host);
        var attributes = Attributes(context);
        var headers = context.Response.Headers;
        if (hasDuplicateCookie && _domain is not null)
        {
            headers.Append("Set-Cookie", Name + Gone);
        }

        headers.Append("Set-Cookie", $"{Name}={code}{attributes}");
        headers.Append("Set-Cookie", string.Create(
            CultureInfo.InvariantCulture,
            $"{StampName}={(isRefused ? RefusedMark : "")}{Today()}.{code}{attributes}; httponly"));
    }

    /// <summary>Takes the visitor code from the browser, and leaves behind that its visitor refused: without that the next
    /// page would ask, and experiment, anew.</summary>
    internal void Remove(HttpContext context)
    {
        RemoveCode(context);
        MarkRefused(context);
    }

    /// <summary>Takes the visitor code from the browser, which somebody else has now, and leaves behind no more than a
    /// refusal.</summary>
    internal void RemoveForeign(HttpContext context)
    {
        RemoveCode(context);
        if (SaysRefused(context.Request))
        {
            MarkRefused(context);
        }
        else
        {
            context.Response.Headers.Append("Set-Cookie", $"{StampName}={Attributes(context, days: 0)}; httponly");
        }
    }

    // Wherever this server or the engine has put it. Without a code there is nobody to sign out either.
    private void RemoveCode(HttpContext context)
    {
        var headers = context.Response.Headers;
        headers.Append("Set-Cookie", Name + Gone);

        // Which of these is registrable, browsers know; they pass over the others.
        var domain = IPAddress.TryParse(context.Request.Host.Host, out _) ? "" : context.Request.Host.Host;
        for (var dot = domain.IndexOf('.', StringComparison.Ordinal); dot > 0; dot = domain.IndexOf('.', StringComparison.Ordinal))
        {
            headers.Append("Set-Cookie", $"{Name}{Gone}; domain={domain}");
            domain = domain[(dot + 1)..];
        }

        if (SaysSignedIn(context.Request))
        {
            RemoveSignedIn(context);
        }
    }

    /// <summary>Leaves behind that the visitor refused, and the code as it is.</summary>
    internal void MarkRefused(HttpContext context) => context.Response.Headers.Append(
        "Set-Cookie", $"{StampName}={Refused}{Attributes(context)}; httponly");

    private static bool IsFresh(ReadOnlySpan<char> stamp, (string Code, bool IsRefused, int Today) now)
    {
        if (now.IsRefused != stamp.StartsWith(RefusedMark))
        {
            return false;
        }

        stamp = now.IsRefused ? stamp[RefusedMark.Length..] : stamp;
        var dot = stamp.IndexOf('.');
        return dot > 0
            && int.TryParse(stamp[..dot], NumberStyles.None, CultureInfo.InvariantCulture, out var day)
            && stamp[(dot + 1)..].SequenceEqual(now.Code)
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
            && _domainMismatch.IsFirst())
        {
            _logger.CookieDomainMismatch(_domain, host);
        }
    }
}
