using Kameleoon.Hybrid;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.WebUtilities;

namespace ConsentAdapters;

/// <summary>Reads OneTrust's cookies: <c>OptanonAlertBoxClosed</c> once the visitor has answered, and the answers for
/// each group in <c>OptanonConsent</c>.</summary>
/// <param name="group">The group that experiments belong to on your site; OneTrust's usual one for performance is
/// <c>C0002</c>.</param>
public sealed class OneTrustConsent(string group = "C0002") : IKameleoonConsentProvider
{
    /// <inheritdoc/>
    public bool? GetConsent(HttpContext context)
    {
        var cookies = context.Request.Cookies;
        if (!cookies.ContainsKey("OptanonAlertBoxClosed") || cookies["OptanonConsent"] is not { } consent)
        {
            return null;
        }

        // isGpcEnabled=0&groups=C0001:1,C0002:0&…
        var groups = QueryHelpers.ParseQuery(consent).GetValueOrDefault("groups").ToString();
        foreach (var answer in groups.Split(','))
        {
            if (answer.Split(':') is [var name, var given] && string.Equals(name, group, StringComparison.Ordinal))
            {
                return given is "1";
            }
        }

        return null;
    }
}
