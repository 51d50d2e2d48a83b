namespace Kameleoon.Hybrid;

/// <summary>Who a request's visitor is, and how we know.</summary>
/// <param name="Code">The visitor code.</param>
/// <param name="Source">Where it comes from.</param>
/// <param name="InCookie">Whether the browser sent this very code as its cookie.</param>
/// <param name="HasRival">Whether it sent another code by the same name, too.</param>
/// <param name="Former">The browser's code, where it is another one of the same person, or of another person.</param>
internal readonly record struct ResolvedVisitorCode(
    string Code, VisitorCodeSource Source, bool InCookie, bool HasRival = false, string? Former = null)
{
    /// <summary>Whether the browser's code is another person's, as whom this visitor must not go on.</summary>
    internal bool HasLeft => Source == VisitorCodeSource.Generated && Former is not null;

    /// <summary>Somebody else in the same browser.</summary>
    internal ResolvedVisitorCode Leave() =>
        this with { Code = VisitorCode.Generate(), Source = VisitorCodeSource.Generated, InCookie = false, Former = Code };
}

/// <summary>Where a visitor code comes from.</summary>
internal enum VisitorCodeSource
{
    Cookie,
    QueryParameter,
    Linked,
    Default,
    Generated,
}
