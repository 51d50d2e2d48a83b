using System.Globalization;
using System.Net;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;

namespace Kameleoon.Hybrid;

/// <summary>Reads and writes the cookie with the visitor code, the stamp beside it, and the mark of a signed-in
/// visitor.</summary>
/// <remarks>
/// Safari keeps a cookie that a script wrote for seven days only, and a request does not show who wrote a cookie. So
/// the server writes a stamp beside the code: a cookie that scripts cannot change, with the day and the code of the
/// last write. If the stamp is missing, a month old or about another code, the code is written again; otherwise the
/// response sets no cookie. The stamp also records that the visitor refused consent.
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
    private const string StampEnd = "Stamp=";

    private readonly SessionClock _clock;
    private readonly ILogger<VisitorCookie> _logger;
    private readonly CookieAttributes _attributes;
    private readonly LogOnce _domainMismatch = new();

    public VisitorCookie(IOptions<KameleoonOptions> options, TimeProvider clock, ILogger<VisitorCookie> logger)
    {
        _clock = new SessionClock(clock);
        _logger = logger;
        _attributes = new CookieAttributes(options.Value.Cookie, clock);
    }

    /// <summary>Whether browsers send the cookie with requests that other sites start.</summary>
    internal bool CrossesSites(HttpRequest request) => _attributes.CrossesSites(request);

    internal static string? Read(HttpRequest request, out bool refused) =>
        CookieHeader.TryFind(
            request.Headers.Cookie, Name, 0, static (code, _) => VisitorCode.IsValidInCookie(code), out var found, out refused)
            ? RecentCodes.TextOf(found)
            : null;

    /// <summary>Reads the code and the stamp in one pass, because each request of a known visitor has both.</summary>
    internal SentCookies ReadAll(HttpRequest request)
    {
        string? code = null;
        ReadOnlySpan<char> stamp = default;
        var (codes, stamps, hasInvalid) = (0, 0, false);
        foreach (var header in request.Headers.Cookie)
        {
            for (var start = 0; CookieHeader.TryFindText(header, Name, ref start);)
            {
                var rest = header.AsSpan(start);
                if (rest.StartsWith('='))
                {
                    code ??= RecentCodes.TextOf(CookieHeader.ValueOf(rest[1..]));
                    hasInvalid |= code is null;
                    codes++;
                }
                else if (rest.StartsWith(StampEnd))
                {
                    stamp = CookieHeader.ValueOf(rest[StampEnd.Length..]);
                    stamps++;
                }
            }
        }

        var isFresh = code is not null && stamps > 0
            && (stamps == 1
                ? IsFresh(stamp, (code, IsRefused: false, _attributes.Mark(request), Today()))
                : !IsDue(request, code, isRefused: false));
        return new(code, hasInvalid, HasSeveral: codes > 1, HasStamp: stamps > 0, isFresh);
    }

    /// <summary>Whether a <c>Set-Cookie</c> header sets one of the cookies of this class.</summary>
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

    /// <summary>Whether the browser's stamp records that its visitor refused consent.</summary>
    internal static bool SaysRefused(HttpRequest request) => CookieHeader.Any(
        request.Headers.Cookie, StampName, 0, static (stamp, _) => stamp is Refused || stamp.StartsWith(RefusedMark));

    /// <summary>Whether the browser has the mark of a signed-in visitor.</summary>
    internal static bool SaysSignedIn(HttpRequest request) => CookieHeader.First(
        request.Headers.Cookie, SignedInName, static value => value is "1", out _) is not null;

    /// <summary>Writes the mark of a browser whose visitor is signed in.</summary>
    internal void WriteSignedIn(HttpContext context) => Append(context, SignedInName, "1");

    /// <summary>Removes the mark of a browser whose visitor is signed in.</summary>
    internal void RemoveSignedIn(HttpContext context) => Append(context, SignedInName, "", days: 0);

    /// <summary>Whether the cookie has to be written again although its value is right.</summary>
    /// <param name="request">The request.</param>
    /// <param name="code">The value.</param>
    /// <param name="isRefused">Whether the visitor refused consent, so that the code is for deliveries only.</param>
    /// <remarks>Of two stamps, for example before and after a change of the domain, one fresh stamp is
    /// enough.</remarks>
    internal bool IsDue(HttpRequest request, string code, bool isRefused) => !CookieHeader.Any(
        request.Headers.Cookie, StampName, (code, isRefused, _attributes.Mark(request), Today()), static (stamp, now) => IsFresh(stamp, now));

    /// <summary>Whether the browser's stamp says that this server last wrote a code into the cookie.</summary>
    internal bool HasStampOf(HttpRequest request, string code) => CookieHeader.Any(
        request.Headers.Cookie,
        StampName,
        (Code: code, Mark: _attributes.Mark(request)),
        static (stamp, written) => TryReadDay(stamp, written.Code, written.Mark, out _));

    /// <summary>Writes the visitor code and the stamp.</summary>
    /// <param name="context">The request.</param>
    /// <param name="code">The visitor code.</param>
    /// <param name="isRefused">Whether the visitor refused consent, so that the code is for deliveries only.</param>
    /// <param name="hasDuplicateCookie">Whether the browser sent several cookies of that name. If the cookie is written
    /// for a domain, the one of the host alone is removed.</param>
    internal void Write(HttpContext context, string code, bool isRefused = false, bool hasDuplicateCookie = false)
    {
        CheckDomain(context.Request.Host.Host);
        if (hasDuplicateCookie && _attributes.Domain is not null)
        {
            _attributes.Remove(context, Name, null);
        }

        _attributes.RemoveFormer(context, Name);
        var attributes = _attributes.For(context.Request, LifetimeDays);
        var headers = context.Response.Headers;
        headers.Append("Set-Cookie", $"{Name}={code}{attributes}");
        _attributes.RemoveFormer(context, StampName);
        headers.Append("Set-Cookie", string.Create(
            CultureInfo.InvariantCulture,
            $"{StampName}={(isRefused ? RefusedMark : "")}{_attributes.Mark(context.Request)}{Today()}.{code}{attributes}; httponly"));
    }

    /// <summary>Removes the visitor code from the browser and records the refusal, so that the next page neither asks
    /// for consent again nor experiments.</summary>
    internal void Remove(HttpContext context)
    {
        RemoveCode(context);
        MarkRefused(context);
    }

    /// <summary>Removes the visitor code of another person from the browser, and keeps only a recorded
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

    // Removes the code from every domain on which this server or the engine may have set it, and the mark of a sign-in.
    private void RemoveCode(HttpContext context)
    {
        _attributes.Remove(context, Name, null);

        // Browsers ignore the domains that are not registrable.
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

    /// <summary>Records the refusal and leaves the visitor code unchanged.</summary>
    internal void MarkRefused(HttpContext context) => Append(context, StampName, Refused);

    private static bool IsFresh(ReadOnlySpan<char> stamp, (string Code, bool IsRefused, string Mark, int Today) now) =>
        now.IsRefused == stamp.StartsWith(RefusedMark)
        && TryReadDay(now.IsRefused ? stamp[RefusedMark.Length..] : stamp, now.Code, now.Mark, out var day)
        && now.Today - day is >= 0 and < RenewalDays;

    private static bool TryReadDay(ReadOnlySpan<char> stamp, string code, string mark, out int day)
    {
        day = 0;
        if (!stamp.StartsWith(mark))
        {
            return false;
        }

        stamp = stamp[mark.Length..];
        var dot = stamp.IndexOf('.');
        return dot > 0
            && int.TryParse(stamp[..dot], NumberStyles.None, CultureInfo.InvariantCulture, out day)
            && stamp[(dot + 1)..].SequenceEqual(code);
    }

    // The cookies besides the code are hidden from scripts.
    private void Append(HttpContext context, string name, string value, int days = LifetimeDays)
    {
        _attributes.RemoveFormer(context, name);
        context.Response.Headers.Append("Set-Cookie", $"{name}={value}{_attributes.For(context.Request, days)}; httponly");
    }

    private int Today() => (int)(_clock.UtcNow.ToUnixTimeSeconds() / 86400);

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
