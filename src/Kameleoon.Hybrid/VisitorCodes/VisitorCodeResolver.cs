using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;

namespace Kameleoon.Hybrid;

/// <summary>Decides who the visitor of a request is: a linked code, the cookie, the query parameter, the application's
/// default, or a new code.</summary>
internal sealed class VisitorCodeResolver(
    IOptions<KameleoonOptions> options,
    KameleoonMetrics metrics,
    VisitorCodeWarnings warnings,
    SignInFlow signIn,
    ILogger<VisitorCodeResolver> logger)
{
    private readonly bool _readsCookie = options.Value.Cookie.Read;
    private readonly QueryParameterPolicy _query = options.Value.QueryParameter;
    private readonly Func<HttpContext, ValueTask<string?>>? _linked = options.Value.LinkedVisitorCode;
    private readonly Func<HttpContext, string?>? _default = options.Value.DefaultVisitorCode;
    private int _unfitLogged;

    /// <summary>Resolves at once, unless the application has to be asked whether it knows the user.</summary>
    internal ValueTask<ResolvedVisitorCode> ResolveAsync(HttpContext context)
    {
        var cookie = VisitorCookie.Read(context.Request, out var refused);
        if (refused)
        {
            Refuse("cookie");
        }

        if (cookie is not null)
        {
            warnings.Read(cookie, context.Request.Headers.Cookie);
        }

        return _linked is null ? FromUser(context, cookie) : FromLinkAsync(context, cookie, _linked);
    }

    private async ValueTask<ResolvedVisitorCode> FromLinkAsync(
        HttpContext context,
        string? cookie,
        Func<HttpContext, ValueTask<string?>> find)
    {
        try
        {
            if (Fit(await find(context), nameof(KameleoonOptions.LinkedVisitorCode)) is { } linked)
            {
                return Resolved(linked, VisitorCodeSource.Linked, cookie);
            }
        }
#pragma warning disable CA1031 // A user table that cannot be reached must not break the page.
        catch (Exception e) when (!context.RequestAborted.IsCancellationRequested)
#pragma warning restore CA1031
        {
            PassOver(e, nameof(KameleoonOptions.LinkedVisitorCode));
        }

        return await FromUser(context, cookie);
    }

    private ValueTask<ResolvedVisitorCode> FromUser(HttpContext context, string? cookie)
    {
        var browser = FromBrowser(context, cookie);
        return signIn.IsOn ? signIn.ResolveAsync(context, browser) : new(browser);
    }

    private ResolvedVisitorCode FromBrowser(HttpContext context, string? cookie)
    {
        if (cookie is not null && _readsCookie)
        {
            return Resolved(cookie, VisitorCodeSource.Cookie, cookie);
        }

        if (FromQuery(context.Request) is { } asked)
        {
            return Resolved(asked, VisitorCodeSource.QueryParameter, cookie);
        }

        return FromApplication(context) is { } given
            ? Resolved(given, VisitorCodeSource.Default, cookie)
            : Resolved(VisitorCode.Generate(), VisitorCodeSource.Generated, cookie);
    }

    private ResolvedVisitorCode Resolved(string code, VisitorCodeSource source, string? cookie)
    {
        warnings.Adopted(code);
        return new(code, source, InCookie: string.Equals(code, cookie, StringComparison.Ordinal));
    }

    private string? FromQuery(HttpRequest request)
    {
        if (!MayReadQuery(request) || !request.Query.TryGetValue(VisitorCookie.Name, out var values))
        {
            return null;
        }

        var code = values.Count == 1 ? values[0] : null;
        if (VisitorCode.IsValidInAddress(code))
        {
            return code;
        }

        Refuse("query");
        return null;
    }

    private string? FromApplication(HttpContext context)
    {
        try
        {
            return Fit(_default?.Invoke(context), nameof(KameleoonOptions.DefaultVisitorCode));
        }
#pragma warning disable CA1031 // As above.
        catch (Exception e)
#pragma warning restore CA1031
        {
            PassOver(e, nameof(KameleoonOptions.DefaultVisitorCode));
            return null;
        }
    }

    private bool MayReadQuery(HttpRequest request) => request.QueryString.HasValue && _query switch
    {
        QueryParameterPolicy.Off => false,
        QueryParameterPolicy.Always when IsRead(request) => true,

        // A page of this site may post its code along with the visitor's consent, before which no cookie could be set.
        _ => request.Headers["Sec-Fetch-Site"].ToString() switch
        {
            "same-origin" => true,
            "same-site" or "" => IsRead(request),
            _ => false,
        },
    };

    private static bool IsRead(HttpRequest request) =>
        HttpMethods.IsGet(request.Method) || HttpMethods.IsHead(request.Method);

    private string? Fit(string? code, string setting)
    {
        if (code is null || VisitorCode.IsValidInCookie(code))
        {
            return code;
        }

        PassOver(null, setting);
        return null;
    }

    private void PassOver(Exception? exception, string setting)
    {
        metrics.VisitorCodeRefused("application");
        if (Interlocked.Exchange(ref _unfitLogged, 1) == 0)
        {
            logger.VisitorCodeUnfit(exception, setting);
        }
    }

    private void Refuse(string source)
    {
        metrics.VisitorCodeRefused(source);
        logger.VisitorCodeRefused(source);
    }
}
