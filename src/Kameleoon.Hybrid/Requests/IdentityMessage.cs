using System.Text;
using Microsoft.AspNetCore.Http;

namespace Kameleoon.Hybrid;

/// <summary>What a page reports of the visitor codes when its engine runs. Anybody can send such a message.</summary>
/// <param name="Signs">What the page saw, a letter each: <see cref="SignIn"/> and the others of this type.</param>
/// <param name="PageCode">The code for which the server made the page.</param>
/// <param name="EngineCode">The code that the engine uses.</param>
internal readonly record struct IdentityMessage(string Signs, string PageCode, string EngineCode)
{
    /// <summary>The code changed with this page, because a user signed in or out.</summary>
    internal const char SignIn = 's';

    /// <summary>The engine's code was in local storage before the engine ran, or the page has the frame of unified storage.
    /// </summary>
    internal const char LocalStorage = 'l';

    /// <summary>Scripts cannot read the server's code in a cookie.</summary>
    internal const char HiddenCookie = 'x';

    /// <summary>The codes of this tab were made equal before.</summary>
    internal const char Repaired = 'r';

    private const int MaxSigns = 8;
    private const int MaxBytes = MaxSigns + (2 * VisitorCode.MaxLength) + 2;

    internal bool AreEqual => string.Equals(PageCode, EngineCode, StringComparison.Ordinal);

    internal bool Has(char sign) => Signs.Contains(sign, StringComparison.Ordinal);

    /// <summary>Reads the body of a request.</summary>
    /// <returns>The message, or null if the body is too long or has no two valid codes.</returns>
    internal static async ValueTask<IdentityMessage?> ReadAsync(HttpRequest request, CancellationToken cancellation)
    {
        if (request.ContentLength > MaxBytes)
        {
            return null;
        }

        var body = new byte[MaxBytes + 1];
        var length = await request.Body.ReadAtLeastAsync(body, body.Length, throwOnEndOfStream: false, cancellation);
        return length <= MaxBytes
            && Encoding.Latin1.GetString(body, 0, length).Split('\n') is [{ Length: <= MaxSigns } signs, var page, var engine]
            && VisitorCode.IsValidInCookie(page)
            && VisitorCode.IsValidInCookie(engine)
                ? new IdentityMessage(signs, page, engine)
                : null;
    }
}
