using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Primitives;

namespace Kameleoon.Hybrid;

/// <summary>Tells once what a site should know of the codes it is sent.</summary>
internal sealed class VisitorCodeWarnings(ILogger<VisitorCodeWarnings> logger)
{
    private readonly LogOnce _longCode = new();
    private readonly LogOnce _duplicateCode = new();

    /// <summary>Looks at a code that was adopted.</summary>
    internal void Adopted(string code)
    {
        if (code.Length > VisitorCode.MaxReportedLength && _longCode.IsFirst())
        {
            logger.LongVisitorCode(code.Length, VisitorCode.MaxReportedLength);
        }
    }

    /// <summary>Looks at the cookies of a request from which a code was read.</summary>
    /// <returns>Whether the browser sent another code, too.</returns>
    internal bool HasDuplicateCookie(string code, StringValues cookies)
    {
        if (!HasSeveral(cookies) || !HasAnother(code, cookies))
        {
            return false;
        }

        if (_duplicateCode.IsFirst())
        {
            logger.DuplicateVisitorCode();
        }

        return true;
    }

    // Every request of a known visitor comes by here, and hardly any has two.
    private static bool HasSeveral(StringValues cookies)
    {
        var count = 0;
        foreach (var header in cookies)
        {
            count += header.AsSpan().Count(VisitorCookie.Name + "=");
        }

        return count > 1;
    }

    private static bool HasAnother(string code, StringValues cookies) => CookieHeader.Any(
        cookies, VisitorCookie.Name, code, static (value, known) => !value.SequenceEqual(known));
}
