using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;

namespace Kameleoon.Hybrid;

/// <summary>Finds the visitor code of a request: a linked code, the cookie, the query parameter, the application's
/// default, or a new code.</summary>
internal sealed class VisitorCodeResolver(
    IOptions<KameleoonOptions> options,
    KameleoonMetrics metrics,
    VisitorCookie writer,
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
        var cookie = VisitorCookie.Read(context.Request, out var refused);
        if (refused)
        {
            Refuse("cookie");
        }

        var found = new FoundCookie(
            cookie,
            cookie is not null && warnings.HasDuplicateCookie(cookie, context.Request),
            cookie is null && !refused && IsWithheld(context.Request));
        return _linked is null ? FromUser(context, found) : FromLinkAsync(context, found, _linked);
    }

    private async ValueTask<ResolvedVisitorCode> FromLinkAsync(
        HttpContext context,
        FoundCookie cookie,
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
            LogRejectedCode(e, nameof(KameleoonOptions.LinkedVisitorCode));
        }

        return await FromUser(context, cookie);
    }

    private ValueTask<ResolvedVisitorCode> FromUser(HttpContext context, FoundCookie cookie)
    {
        var browser = FromBrowser(context, cookie);
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

    private ResolvedVisitorCode FromBrowser(HttpContext context, FoundCookie cookie)
    {
        // The engine of the page decides in the same order.
        if (FromOtherDomain(context.Request) is { } carried)
        {
            return Resolved(carried, VisitorCodeSource.QueryParameter, cookie);
        }

        if (_readsCookie && cookie.Code is { } known)
        {
            return Resolved(known, VisitorCodeSource.Cookie, cookie);
        }

        if (FromQuery(context.Request) is { } asked)
        {
            return Resolved(asked, VisitorCodeSource.QueryParameter, cookie);
        }

        return FromApplication(context) is { } given
            ? Resolved(given, VisitorCodeSource.Default, cookie)
            : Resolved(VisitorCode.Generate(), VisitorCodeSource.Generated, cookie);
    }

    private ResolvedVisitorCode Resolved(string code, VisitorCodeSource source, FoundCookie cookie)
    {
        warnings.Adopted(code);
        return new(
            code,
            source,
            string.Equals(code, cookie.Code, StringComparison.Ordinal),
            cookie.HasDuplicateCookie,
            IsCookieWithheld: cookie.IsWithheld && source != VisitorCodeSource.QueryParameter);
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
    private bool IsWithheld(HttpRequest request) =>
        WithheldCookie.IsLikely(request, _domain, writer.CrossesSites(request))
        && !CookieHeader.Any(request.Headers.Cookie, VisitorCookie.StampName, 0, static (_, _) => true);

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

    /// <param name="Code">The first valid code that the browser sent, or null.</param>
    /// <param name="HasDuplicateCookie">Whether the browser sent more than one.</param>
    /// <param name="IsWithheld">Whether the browser may have a cookie that it did not send.</param>
    private readonly record struct FoundCookie(string? Code, bool HasDuplicateCookie, bool IsWithheld);
}
