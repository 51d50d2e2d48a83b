using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Options;

namespace Kameleoon.Hybrid;

/// <summary>Carries the visitor code between the site's domains by a parameter of their addresses.</summary>
internal sealed class CrossDomainLinks(IOptions<KameleoonOptions> options)
{
    private readonly string[] _domains = [.. options.Value.CrossDomains.Select(HostNames.Normalize)];

    /// <summary>Returns the code that a page of another domain of the site passes to this request; null where there is
    /// none.</summary>
    /// <param name="request">The request.</param>
    /// <param name="refused">Whether such a page passes a text that is no visitor code.</param>
    internal string? FindCode(HttpRequest request, out bool refused)
    {
        refused = false;
        if (_domains.Length == 0
            || !IsVisit(request)
            || !request.Query.TryGetValue(VisitorCookie.Name, out var codes)
            || !Uri.TryCreate(request.Headers.Referer, UriKind.Absolute, out var referrer)
            || !IsOther(referrer.Host, request.Host.Host))
        {
            return null;
        }

        var code = codes.Count == 1 ? codes[0] : null;
        refused = !VisitorCode.IsValidInAddress(code);
        return refused ? null : code;
    }

    /// <summary>Whether an address leads to another domain of the site to which the visitor's code may be passed.</summary>
    internal bool MustCarry(RequestVisitor visitor, string address, out Uri target)
    {
        target = null!;
        return _domains.Length > 0
            && visitor is { Context.Request: { } request, IsBot: false }
            && Uri.TryCreate(address.StartsWith("//", StringComparison.Ordinal) ? $"{request.Scheme}:{address}" : address,
                UriKind.Absolute, out target!)
            && (target.Scheme is "https" || (target.Scheme is "http" && !request.IsHttps))
            && IsOther(target.Host, request.Host.Host)
            && VisitorCode.IsValidInAddress(visitor.Code)
            && visitor.IsSharedNow;
    }

    /// <summary>Returns the address with the visitor code if the code may be passed there, else the address as it
    /// is.</summary>
    internal string Complete(RequestVisitor visitor, string address)
    {
        if (!MustCarry(visitor, address, out _))
        {
            return address;
        }

        visitor.Privacy.BecomePersonal();
        return AddCode(address, visitor.Code);
    }

    /// <summary>Returns the address with the visitor code as a parameter, in place of one that it has.</summary>
    internal static string AddCode(string address, string code)
    {
        var fragment = address.IndexOf('#', StringComparison.Ordinal);
        var (head, tail) = fragment < 0 ? (address, "") : (address[..fragment], address[fragment..]);
        var question = head.IndexOf('?', StringComparison.Ordinal);
        var path = question < 0 ? head : head[..question];
        var parameters = (question < 0 ? "" : head[(question + 1)..])
            .Split('&', StringSplitOptions.RemoveEmptyEntries)
            .Where(static pair => !pair.StartsWith(VisitorCookie.Name + "=", StringComparison.Ordinal))
            .Append($"{VisitorCookie.Name}={code}");
        return $"{path}?{string.Join('&', parameters)}{tail}";
    }

    // A form that another domain of the site sends with POST opens a page, too. Only the browser can say that it does.
    private static bool IsVisit(HttpRequest request) =>
        HttpMethods.IsGet(request.Method) || HttpMethods.IsHead(request.Method)
            ? RequestIntent.CanKeepCookie(request)
            : HttpMethods.IsPost(request.Method) && RequestIntent.OpensPage(request);

    // Pages below one domain share the cookie and need no parameter.
    private bool IsOther(string host, string own) =>
        Array.Exists(_domains, domain => HostNames.Covers(domain, host))
        && !Array.Exists(_domains, domain => HostNames.Covers(domain, host) && HostNames.Covers(domain, own));
}
