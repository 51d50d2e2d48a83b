using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Options;

namespace Kameleoon.Hybrid;

/// <summary>Lets a browser remember that its visitor was signed in, so that nobody goes on as that person after the
/// sign-out, on devices that several people share.</summary>
internal sealed class SignOutMarker(VisitorCookie cookie, IOptions<KameleoonOptions> options)
{
    private readonly bool _isOn = options.Value.Identity.SignOut == SignOutPolicy.NewVisitor;

    /// <summary>Marks the browser as that of a signed-in user, on a condition.</summary>
    /// <param name="hasAgreed">Whether consent allows to link the browser's code; nothing happens otherwise, because the
    /// code is no user's yet.</param>
    /// <param name="context">The request.</param>
    internal void KeepIf(bool hasAgreed, HttpContext context)
    {
        if (!hasAgreed || !_isOn || !PageStart.Is(context) || VisitorCookie.SaysSignedIn(context.Request))
        {
            return;
        }

        context.Response.OnStarting(() =>
        {
            if (!ResponseCaching.IsShared(context.Response) && !ResponseCaching.IsBeingStored(context))
            {
                cookie.WriteSignedIn(context);
                ResponseCaching.KeepPrivate(context.Response);
            }

            return Task.CompletedTask;
        });
    }

    /// <summary>Nobody is signed in: gives a new visitor where somebody was.</summary>
    internal ResolvedVisitorCode Leave(HttpContext context, ResolvedVisitorCode browser)
    {
        if (!_isOn
            || browser.Source != VisitorCodeSource.Cookie
            || !PageStart.Is(context)
            || !VisitorCookie.SaysSignedIn(context.Request))
        {
            return browser;
        }

        // Called after the visitor's cookie was written: callbacks run in the opposite order. Both leave, or neither; where
        // there may be no cookie yet, the keeper takes both away.
        context.Response.OnStarting(() =>
        {
            if (VisitorCookie.IsWritten(context.Response))
            {
                cookie.RemoveSignedIn(context);
            }

            return Task.CompletedTask;
        });
        return browser.WithNewCode();
    }
}
