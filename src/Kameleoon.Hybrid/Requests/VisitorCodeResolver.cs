using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;

namespace Kameleoon.Hybrid;

/// <summary>Finds the visitor code of a request: a linked code, the cookie, the query parameter, the application's
/// default, or a new code.</summary>
internal sealed class VisitorCodeResolver(
    IOptions<KameleoonOptions> options,
    KameleoonMetrics metrics,
    VisitorCookie cookies,
    VisitorCodeWarnings warnings,
    SignInFlow signIn,
    SharedSessions sessions,
    CrossDomainLinks links,
    ILogger<VisitorCodeResolver> logger)
{
    private readonly bool _readsCookie = options.Value.Cookie.Read;
    private readonly QueryParameterPolicy _query = options.Value.QueryParameter;
    private readonly string? _domain = HostNames.NormalizeOrNull(options.Value.Cookie.Domain);
    private readonly Func<HttpContext, ValueTask<string?>>? _linked = options.Value.LinkedVisitorCode;
    private readonly Func<HttpContext, string?>? _default = options.Value.DefaultVisitorCode;
    private readonly LogOnce _unfitCode = new();

    /// <summary>Returns the visitor code. Completes synchronously unless <see
    /// cref="KameleoonOptions.LinkedVisitorCode"/> or the store of links is called.</summary>
    internal ValueTask<ResolvedVisitorCode> ResolveAsync(HttpContext context)
    {
        var sent = cookies.ReadAll(context.Request);
        if (sent.HasInvalid)
        {
            Refuse("cookie");
        }

        if (sent is { HasSeveral: true, Code: { } first })
        {
            warnings.SentTwice(first, context.Request);
        }

        return _linked is null ? FromUser(context, sent) : FromLinkAsync(context, sent, _linked);
    }

    private async ValueTask<ResolvedVisitorCode> FromLinkAsync(
        HttpContext context,
        SentCookies sent,
        Func<HttpContext, ValueTask<string?>> find)
    {
        try
        {
            if (Fit(await find(context), nameof(KameleoonOptions.LinkedVisitorCode)) is { } linked)
            {
                return Resolved(context, linked, VisitorCodeSource.Linked, sent);
            }
        }
#pragma warning disable CA1031 // A user table that cannot be reached must not break the page.
        catch (Exception e) when (!context.RequestAborted.IsCancellationRequested)
#pragma warning restore CA1031
        {
            LogRejectedCode(e, nameof(KameleoonOptions.LinkedVisitorCode));
        }

        return await FromUser(context, sent);
    }

    private ValueTask<ResolvedVisitorCode> FromUser(HttpContext context, SentCookies sent)
    {
        var browser = FromBrowser(context, sent);
        var loading = sessions.LoadAsync(context, browser);
        return loading.IsCompletedSuccessfully
            ? SignIn(context, browser)
            : SignInAsync(context, browser, loading);
    }

    private async ValueTask<ResolvedVisitorCode> SignInAsync(
        HttpContext context, ResolvedVisitorCode browser, ValueTask loading)
    {
        await loading;
        return await SignIn(context, browser);
    }

    private ValueTask<ResolvedVisitorCode> SignIn(HttpContext context, ResolvedVisitorCode browser) =>
        signIn.IsOn ? signIn.ResolveAsync(context, browser) : new(browser);

    private ResolvedVisitorCode FromBrowser(HttpContext context, SentCookies sent)
    {
        // The engine of the page decides in the same order.
        if (FromOtherDomain(context.Request) is { } carried)
        {
            return Resolved(context, carried, VisitorCodeSource.QueryParameter, sent);
        }

        if (_readsCookie && sent.Code is { } known)
        {
            return Resolved(context, known, VisitorCodeSource.Cookie, sent);
        }

        if (FromQuery(context.Request) is { } asked)
        {
            return Resolved(context, asked, VisitorCodeSource.QueryParameter, sent);
        }

        return FromApplication(context) is { } given
            ? Resolved(context, given, VisitorCodeSource.Default, sent)
            : Resolved(context, VisitorCode.Generate(), VisitorCodeSource.Generated, sent);
    }

    private ResolvedVisitorCode Resolved(HttpContext context, string code, VisitorCodeSource source, in SentCookies sent)
    {
        warnings.Adopted(code);
        var isInCookie = string.Equals(code, sent.Code, StringComparison.Ordinal);
        return new(
            code,
            source,
            isInCookie,
            sent is { HasSeveral: true, Code: not null },
            IsCookieWithheld: source != VisitorCodeSource.QueryParameter && IsWithheld(context.Request, sent),
            HasFreshStamp: isInCookie && sent.HasFreshStamp);
    }

    private string? FromOtherDomain(HttpRequest request)
    {
        if (IsSignedIn(request))
        {
            return null;
        }

        var code = links.FindCode(request, out var refused);
        if (refused)
        {
            Refuse("query");
        }

        return code;
    }

    // A browser that sends the stamp sends all cookies of this server.
    private bool IsWithheld(HttpRequest request, in SentCookies sent) =>
        sent is { Code: null, HasInvalid: false, HasStamp: false }
        && WithheldCookie.IsLikely(request, _domain, cookies.CrossesSites(request));

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
            LogRejectedCode(e, nameof(KameleoonOptions.DefaultVisitorCode));
            return null;
        }
    }

    // A page of this site may post its code together with the visitor's consent, because no cookie was allowed before.
    private bool MayReadQuery(HttpRequest request) => request.QueryString.HasValue && _query switch
    {
        QueryParameterPolicy.Off => false,
        _ when RequestOrigin.IsThisHost(request) => true,
        QueryParameterPolicy.SameSite => IsVisit(request) && (RequestOrigin.IsThisSite(request, _domain) || !IsBrowser(request)),
        _ => IsVisit(request) && !IsFromForeignLink(request),
    };

    // A code from another site's link would be linked to the signed-in user for good, and the author of the link knows
    // it.
    private bool IsFromForeignLink(HttpRequest request) => IsSignedIn(request)
        && IsBrowser(request)
        && !RequestOrigin.IsThisSite(request, _domain);

    private bool IsSignedIn(HttpRequest request) => signIn.IsOn && UserIds.FindUser(request.HttpContext) is not null;

    private static bool IsVisit(HttpRequest request) =>
        (HttpMethods.IsGet(request.Method) || HttpMethods.IsHead(request.Method)) && RequestIntent.CanKeepCookie(request);

    // Current browsers send fetch metadata. Old browsers are recognised by their user agent.
    private static bool IsBrowser(HttpRequest request) =>
        request.Headers.ContainsKey("Sec-Fetch-Site")
        || RequestIntent.UserAgentOf(request)?.StartsWith("Mozilla/", StringComparison.Ordinal) == true;

    private string? Fit(string? code, string setting)
    {
        if (code is null || VisitorCode.IsValidInCookie(code))
        {
            return code;
        }

        LogRejectedCode(null, setting);
        return null;
    }

    private void LogRejectedCode(Exception? exception, string setting)
    {
        metrics.VisitorCodeRefused("application");
        if (_unfitCode.IsFirst())
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
