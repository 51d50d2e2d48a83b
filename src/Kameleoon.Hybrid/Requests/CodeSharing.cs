using Kameleoon.Hybrid.Decisions;

namespace Kameleoon.Hybrid;

/// <summary>Determines whether the browser or the application has the visitor code or gets it with this response.</summary>
/// <remarks><see cref="FindImposedCode"/> returns the code that the page has to pass to the engine, and remembers that it
/// does.</remarks>
internal sealed class CodeSharing(IRequestVisitor visitor, CookiePolicy policy)
{
    private bool _isImposed;

    private VisitorRequest Request => visitor.Request;

    // The application that passed the code knows it, so events under it belong to a known visitor.
    private bool IsFromApplication => Request.Source is VisitorCodeSource.Linked or VisitorCodeSource.Default;

    /// <summary>Whether the browser gets the code with this response, or the application knows it.</summary>
    internal bool IsShared(DataFile dataFile) =>
        _isImposed
        || (IsFromApplication && policy.IsAllowed(visitor, dataFile))
        || (Request.Context is { Response.HasStarted: true }
            ? Request.HasWrittenCookie
            : policy.WillWrite(visitor, dataFile));

    /// <inheritdoc cref="RequestVisitor.FindImposedCode"/>
    internal string? FindImposedCode()
    {
        if (Request is not { Context: { } current, IsBot: false }
            || !RequestIntent.RunsScripts(current.Request)
            || (Request.Source == VisitorCodeSource.Generated && !policy.CanKeepCookie(current.Request))
            || Request.Resolved.IsStandIn
            || policy.DataFile is not { } dataFile
            || !MustImposeCode(dataFile))
        {
            return null;
        }

        _isImposed = true;
        visitor.Privacy.BecomePersonal();
        return Request.Code;
    }

    /// <inheritdoc cref="RequestVisitor.ImposeCodeOnScript"/>
    internal string? ImposeCodeOnScript()
    {
        _isImposed = Request is { IsInCookie: false, IsBot: false, Resolved.IsStandIn: false } && !visitor.HasRefused;
        return _isImposed ? Request.Code : null;
    }

    /// <summary>The page that contained the code is discarded.</summary>
    internal void StartOver() => _isImposed = false;

    // The engine uses the code in its own storage, which may differ from the code of a user who has just signed in, and
    // generates one where no cookie may be set yet. After a refusal there is nothing to agree on.
    private bool MustImposeCode(DataFile dataFile) =>
        policy.AlwaysImposesCode
        || (Request is { Source: VisitorCodeSource.Linked, IsInCookie: false } && policy.IsAllowed(visitor, dataFile))
        || (visitor.IsPrivate
            && (_isImposed || !visitor.IsShared(dataFile))
            && visitor.ConsentUnder(dataFile) != Consent.Refused);
}
