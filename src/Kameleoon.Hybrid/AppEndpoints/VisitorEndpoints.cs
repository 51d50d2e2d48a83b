using Microsoft.AspNetCore.Http;

namespace Kameleoon.Hybrid;

/// <summary>The endpoints that return and link the visitor code of the signed-in user.</summary>
internal sealed class VisitorEndpoints(IdentityCallers callers, VisitorLinks links)
{
    internal async Task GetAsync(HttpContext context)
    {
        RequestVisitor.Of(context).LeaveCookie();
        var code = await callers.GetCodeAsync(
            context, callers.RequireUser(context), IdentityCallers.CodeOfBrowser(context));
        await IdentityEndpoint.WriteAsync(context, new VisitorMessage(code), IdentityJson.Default.VisitorMessage);
    }

    internal async Task SyncAsync(HttpContext context)
    {
        RequestVisitor.Of(context).LeaveCookie();
        var userId = callers.RequireUser(context);
        var told = (await IdentityEndpoint.ReadAsync(context, IdentityJson.Default.VisitorMessage)).VisitorCode;
        if (!VisitorCode.IsValidInAddress(told))
        {
            throw IdentityProblemException.BadRequest(
                "This is no visitor code.",
                $"A visitor code has 1 to {VisitorCode.MaxReportedLength} letters, digits, '-', '.', '_' and '~'.");
        }

        if (VisitorCookie.Read(context.Request, out _) is { } brought && !string.Equals(brought, told, StringComparison.Ordinal))
        {
            throw IdentityProblemException.BadRequest(
                "The cookie says another visitor code.", "Tell the code of the cookie, or send no cookie with the code of an app.");
        }

        // The consent of the caller, not of another user who has the code.
        callers.RequireConsent(context, RequestVisitor.Of(context).Code);
        var (user, outcome) = await links.LinkAsync(userId, told, context.RequestAborted);
        if (outcome == VisitorLinkOutcome.Foreign || user.Code is not { } code)
        {
            throw new IdentityProblemException(
                StatusCodes.Status409Conflict,
                "The visitor code belongs to another user.",
                "Or its person has too many. Nothing was changed. GET the visitor endpoint for the code of the signed-in user, and use that.");
        }

        await IdentityEndpoint.WriteAsync(context, new SyncAnswer(code, outcome), IdentityJson.Default.SyncAnswer);
    }
}
