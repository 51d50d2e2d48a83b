using Kameleoon.Hybrid.Decisions;

namespace Kameleoon.Hybrid;

/// <summary>How the browser of a request learns of its visitor's code, where its cookie does not say it: by the cookie of
/// the response, or by the page.</summary>
internal sealed class CodeSharing(RequestVisitor visitor, RequestVisitorServices services)
{
    private bool _isImposed;

    /// <summary>Whether a page that came out of a cache asks for its decisions: this response is its first of us.</summary>
    internal bool IsAskedByScript { get; private set; }

    // Whoever passed the code knows it, so what is reported under it is somebody's.
    private bool IsOfApplication => visitor.Source is VisitorCodeSource.Linked or VisitorCodeSource.Default;

    internal bool IsShared(DataFile dataFile) =>
        _isImposed
        || (IsOfApplication && services.Cookies.IsAllowed(visitor, dataFile))
        || (visitor.Context is { Response.HasStarted: true }
            ? visitor.HasWrittenCookie
            : services.Cookies.MayWrite(visitor, dataFile));

    /// <inheritdoc cref="RequestVisitor.FindImposedCode"/>
    internal string? FindImposedCode()
    {
        if (visitor.Context is not { } current
            || visitor.IsBot
            || !Audience.RunsScripts(current.Request)
            || (visitor.Source == VisitorCodeSource.Generated && !Audience.CanKeepCookie(current.Request))
            || services.Configuration.DataFile is not { } dataFile
            || !MustImposeCode(dataFile))
        {
            return null;
        }

        _isImposed = true;
        visitor.Privacy.BecomePersonal();
        return visitor.Code;
    }

    /// <summary>The code that the script of a page has to tell the engine before it starts, or null for none. The answer
    /// may set the cookie, since no page of this visitor did.</summary>
    internal string? AnswerScript()
    {
        IsAskedByScript = true;
        visitor.Privacy.BecomePersonal();
        if (visitor.Context is { Response: { HasStarted: false } response })
        {
            visitor.KeepCookie(response);
        }

        _isImposed = visitor is { IsInCookie: false, IsBot: false, HasRefused: false };
        return _isImposed ? visitor.Code : null;
    }

    /// <summary>The page that told the code is being thrown away.</summary>
    internal void StartOver() => _isImposed = false;

    // The engine chooses what its own storage has: another code than a user's who has just signed in, or one it makes up
    // where there may be no cookie yet. After a refusal there is nothing to agree on.
    private bool MustImposeCode(DataFile dataFile) =>
        services.Options.Engine.AlwaysImposeVisitorCode
        || (visitor is { Source: VisitorCodeSource.Linked, IsInCookie: false } && services.Cookies.IsAllowed(visitor, dataFile))
        || (visitor.IsPrivate
            && (_isImposed || !visitor.IsShared(dataFile))
            && visitor.ConsentUnder(dataFile) != Consent.Refused);
}
