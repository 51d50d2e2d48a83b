using Microsoft.AspNetCore.Http;

namespace Kameleoon.Hybrid;

/// <summary>Creates the visitors of requests.</summary>
internal sealed class RequestVisitorFactory(RequestVisitorServices services)
{
    /// <summary>Creates the visitor of a request.</summary>
    internal RequestVisitor Create(HttpContext context, ResolvedVisitorCode resolved) =>
        new(context, resolved, services);

    /// <summary>Creates the visitor of an application's call whose code comes from the signed-in user.</summary>
    internal RequestVisitor CreateForApp(HttpContext context, ResolvedVisitorCode resolved) =>
        new(context, resolved, services, isAppCall: true);
}
