namespace Kameleoon.Hybrid;

/// <summary>Who a request's visitor is, and how we know.</summary>
/// <param name="Code">The visitor code.</param>
/// <param name="Source">Where it comes from.</param>
/// <param name="InCookie">Whether the browser sent this very code as its cookie.</param>
/// <param name="HasRival">Whether it sent another code by the same name, too.</param>
internal readonly record struct ResolvedVisitorCode(string Code, VisitorCodeSource Source, bool InCookie, bool HasRival = false);

/// <summary>Where a visitor code comes from.</summary>
internal enum VisitorCodeSource
{
    Cookie,
    QueryParameter,
    Linked,
    Default,
    Generated,
}
