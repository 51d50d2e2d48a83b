using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Options;

namespace Kameleoon.Hybrid;

/// <summary>Marks browsers of signed-in users with a cookie, and gives a browser a new visitor code after the sign-out.
/// </summary>
/// <remarks>On a shared device the next person must not continue as the user who signed out.</remarks>
internal sealed class SignOutMarker(VisitorCookie cookie, IOptions<KameleoonOptions> options)
{
    private readonly bool _isOn = options.Value.Identity.SignOut == SignOutPolicy.NewVisitor;

    /// <summary>Marks the browser as that of a signed-in user, if consent allows it.</summary>
    /// <param name="hasAgreed">Whether consent allows to link the browser's code; nothing happens otherwise, because the
    /// code is no user's yet.</param>
    /// <param name="browser">The code of the browser. If the browser withheld its cookies, it may have the mark already, and
    /// nothing is written.</param>
    /// <param name="context">The request.</param>
    internal void MarkSignedIn(bool hasAgreed, in ResolvedVisitorCode browser, HttpContext context)
    {
        if (!hasAgreed || browser.IsCookieWithheld || !_isOn || !PageStart.Is(context) || VisitorCookie.SaysSignedIn(context.Request))
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

    /// <summary>Returns the code of a request without a signed-in user: a new code when the browser is marked, else the
    /// browser's.</summary>
    internal ResolvedVisitorCode ResolveSignedOut(HttpContext context, ResolvedVisitorCode browser)
    {
        if (!_isOn
            || browser.Source != VisitorCodeSource.Cookie
            || !PageStart.Is(context)
            || !VisitorCookie.SaysSignedIn(context.Request))
        {
            return browser;
        }

        // Callbacks run in the opposite order, so the visitor's cookie has been written by then. Both cookies are replaced
        // together; where no cookie may be written yet, CookieKeeper removes both.
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
