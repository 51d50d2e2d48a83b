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
    private const int LifetimeDays = 380;
    private const int RenewalDays = 30;

    private readonly TimeProvider _clock;
    private readonly ILogger<VisitorCookie> _logger;
    private readonly CookieAttributes _attributes;
    private readonly LogOnce _domainMismatch = new();

    public VisitorCookie(IOptions<KameleoonOptions> options, TimeProvider clock, ILogger<VisitorCookie> logger)
    {
        _clock = clock;
        _logger = logger;
        _attributes = new CookieAttributes(options.Value.Cookie, clock);
    }

    /// <summary>Whether browsers send the cookie with requests that other sites start.</summary>
    internal bool CrossesSites(HttpRequest request) => _attributes.CrossesSites(request);

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

    /// <summary>Writes the mark of a browser whose visitor is signed in.</summary>
    internal void WriteSignedIn(HttpContext context) => Append(context, SignedInName, "1");

    /// <summary>Removes the mark of a browser whose visitor is signed in.</summary>
    internal void RemoveSignedIn(HttpContext context) => Append(context, SignedInName, "", days: 0);

    /// <summary>Whether the browser's cookie has to be written although its value is right.</summary>
    /// <param name="request">The request.</param>
    /// <param name="code">The value.</param>
    /// <param name="isRefused">Whether the visitor refused consent, so that the code is for deliveries only.</param>
    /// <remarks>Of two stamps, for instance of before and after a change of the domain, one that is fresh suffices.
    /// </remarks>
    internal bool IsDue(HttpRequest request, string code, bool isRefused) => !CookieHeader.Any(
        request.Headers.Cookie, StampName, (code, isRefused, _attributes.Mark(request), Today()), static (stamp, now) => IsFresh(stamp, now));

    /// <summary>Writes code and stamp.</summary>
    /// <param name="context">The request.</param>
    /// <param name="code">The visitor code.</param>
    /// <param name="isRefused">Whether the visitor refused consent, so that the code is for deliveries only.</param>
    /// <param name="hasDuplicateCookie">Whether the browser sent several cookies of that name. If the cookie is written for a
    /// domain, the one of the host alone is removed.</param>
    internal void Write(HttpContext context, string code, bool isRefused = false, bool hasDuplicateCookie = false)
    {
        CheckDomain(context.Request.Host.Host);
        if (hasDuplicateCookie && _attributes.Domain is not null)
        {
            _attributes.Remove(context, Name, null);
        }

        _attributes.RemoveFormer(context, Name);
        context.Response.Headers.Append("Set-Cookie", $"{Name}={code}{_attributes.For(context.Request, LifetimeDays)}");
        Append(context, StampName, string.Create(
            CultureInfo.InvariantCulture,
            $"{(isRefused ? RefusedMark : "")}{_attributes.Mark(context.Request)}{Today()}.{code}"));
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
            Append(context, StampName, "", days: 0);
        }
    }

    // Wherever this server or the engine has put it. Without a code there is nobody to sign out either.
    private void RemoveCode(HttpContext context)
    {
        _attributes.Remove(context, Name, null);

        // Which of these is registrable, browsers know; they pass over the others.
        var domain = IPAddress.TryParse(context.Request.Host.Host, out _) ? "" : context.Request.Host.Host;
        for (var dot = domain.IndexOf('.', StringComparison.Ordinal); dot > 0; dot = domain.IndexOf('.', StringComparison.Ordinal))
        {
            _attributes.Remove(context, Name, domain);
            domain = domain[(dot + 1)..];
        }

        if (SaysSignedIn(context.Request))
        {
            RemoveSignedIn(context);
        }
    }

    /// <summary>Leaves behind that the visitor refused, and the code as it is.</summary>
    internal void MarkRefused(HttpContext context) => Append(context, StampName, Refused);

    private static bool IsFresh(ReadOnlySpan<char> stamp, (string Code, bool IsRefused, string Mark, int Today) now)
    {
        if (now.IsRefused != stamp.StartsWith(RefusedMark))
        {
            return false;
        }

        stamp = now.IsRefused ? stamp[RefusedMark.Length..] : stamp;
        if (!stamp.StartsWith(now.Mark))
        {
            return false;
        }

        stamp = stamp[now.Mark.Length..];
        var dot = stamp.IndexOf('.');
        return dot > 0
            && int.TryParse(stamp[..dot], NumberStyles.None, CultureInfo.InvariantCulture, out var day)
            && stamp[(dot + 1)..].SequenceEqual(now.Code)
            && now.Today - day is >= 0 and < RenewalDays;
    }

    // The cookies besides the code are hidden from scripts.
    private void Append(HttpContext context, string name, string value, int days = LifetimeDays)
    {
        _attributes.RemoveFormer(context, name);
        context.Response.Headers.Append("Set-Cookie", $"{name}={value}{_attributes.For(context.Request, days)}; httponly");
    }

    private int Today() => (int)(_clock.GetUtcNow().ToUnixTimeSeconds() / 86400);

    private void CheckDomain(string host)
    {
        if (_attributes.Domain is { } domain
            && !HostNames.Covers(domain, host)
            && _domainMismatch.IsFirst())
        {
            _logger.CookieDomainMismatch(domain, host);
        }
    }
}
