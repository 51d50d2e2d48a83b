using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using Microsoft.Extensions.Primitives;

namespace Kameleoon.Hybrid;

/// <summary>Logs, once each, what is wrong with the visitor codes that browsers and the application send.</summary>
internal sealed class VisitorCodeWarnings(IOptions<KameleoonOptions> options, ILogger<VisitorCodeWarnings> logger)
{
    private readonly LogOnce _longCode = new();
    private readonly LogOnce _duplicateCode = new();
    private readonly LogOnce _standIns = new();
    private readonly bool _hasDomain = options.Value.Cookie.Domain is not null;
    private string? _pairHost;

    /// <summary>The first host for which a browser sent the cookie twice with the same code, or null. Always null if the
    /// cookie has a domain, because the server removes the host's own cookie then.</summary>
    internal string? PairHost => Volatile.Read(ref _pairHost);

    /// <summary>Logs a code that is longer than the data API accepts.</summary>
    internal void Adopted(string code)
    {
        if (code.Length > VisitorCode.MaxReportedLength && _longCode.IsFirst())
        {
            logger.LongVisitorCode(code.Length, VisitorCode.MaxReportedLength);
        }
    }

    /// <summary>Logs, once a route, that the browser withheld its cookie from a page that needs the visitor.</summary>
    internal void CookieWithheld(string route)
    {
        if (_standIns.IsFirst(route))
        {
            logger.CookieWithheld(route);
        }
    }

    /// <summary>Notes that the browser sent the cookie more than once, with the same code or with others. Each case is logged
    /// once.</summary>
    /// <param name="code">The first code.</param>
    /// <param name="request">The request.</param>
    internal void SentTwice(string code, HttpRequest request)
    {
        if (!HasAnother(code, request.Headers.Cookie))
        {
            NotePair(request);
        }
        else if (_duplicateCode.IsFirst())
        {
            logger.DuplicateVisitorCode();
        }
    }

    // The engine writes the cookie for the registrable domain, and the server without a domain for the host.
    private void NotePair(HttpRequest request)
    {
        if (!_hasDomain
            && PairHost is null
            && Interlocked.CompareExchange(ref _pairHost, request.Host.Host, null) is null)
        {
            logger.SameVisitorCodeTwice(request.Host.Host);
        }
    }

    private static bool HasAnother(string code, StringValues cookies) => CookieHeader.Any(
        cookies, VisitorCookie.Name, code, static (value, known) => !value.SequenceEqual(known));
}
