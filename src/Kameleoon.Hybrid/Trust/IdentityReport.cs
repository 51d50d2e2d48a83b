using System.Globalization;

namespace Kameleoon.Hybrid;

/// <summary>How often engines used another visitor code than the server, in the last one to two hours.</summary>
/// <param name="Since">When the first of the counted hours began.</param>
/// <param name="Pages">The pages that compare the codes when their engine runs.</param>
/// <param name="Agreed">The pages that reported equal codes, of the sampled share.</param>
/// <param name="Differed">The pages that reported different codes.</param>
/// <param name="Causes">The differences by cause.</param>
/// <param name="Repairs">The differences by what the server did.</param>
internal sealed record IdentityReport(
    DateTimeOffset Since,
    long Pages,
    long Agreed,
    long Differed,
    IReadOnlyDictionary<string, long> Causes,
    IReadOnlyDictionary<string, long> Repairs)
{
    // Fewer are a few visitors with odd browsers.
    private const long LeastDiffering = 20;
    private const double LeastShare = 0.02;

    /// <summary>What is wrong in one sentence, or null while fewer than 20 pages or 2 % of the pages differ.</summary>
    public string? Problem => MainCause is { } cause
        ? string.Create(CultureInfo.InvariantCulture,
            $"Visitor codes: the engine used another code than the server on {100 * Share:0.#} % of {Pages} pages since {Since.UtcDateTime:HH:mm} UTC; {ReasonOf(cause)}.")
        : null;

    /// <summary>The cause of most differences while there is a problem, or null.</summary>
    internal string? MainCause => Differed >= LeastDiffering && Share >= LeastShare
        ? Causes.MaxBy(static cause => cause.Value).Key
        : null;

    // A page may report more than once, or have been made by another server.
    private double Share => Math.Min(1, Differed / Math.Max(1.0, Pages));

    internal static IdentityReport Of(IdentityWindow[] windows)
    {
        var causes = Enum.GetValues<IdentityCause>().ToDictionary(
            NameOf, cause => windows.Sum(window => window.Read(cause)), StringComparer.Ordinal);
        return new IdentityReport(
            windows[0].Started,
            windows.Sum(static window => window.Pages),
            windows.Sum(static window => window.Agreed),
            causes.Values.Sum(),
            causes,
            Enum.GetValues<IdentityRepair>().ToDictionary(
                NameOf, repair => windows.Sum(window => window.Read(repair)), StringComparer.Ordinal));
    }

    /// <summary>Returns the name of a cause in metrics and in the report.</summary>
    internal static string NameOf(IdentityCause cause) => cause switch
    {
        IdentityCause.CookieLost => "cookie_lost",
        IdentityCause.LocalStorage => "local_storage",
        IdentityCause.SignIn => "sign_in",
        IdentityCause.Consent => "consent",
        IdentityCause.TwoCookies => "two_cookies",
        IdentityCause.HiddenCookie => "hidden_cookie",
        IdentityCause.Replayed => "replayed",
        _ => "unknown",
    };

    /// <summary>Returns the name of a repair in metrics and in the report.</summary>
    internal static string NameOf(IdentityRepair repair) => repair switch
    {
        IdentityRepair.Pushed => "pushed",
        IdentityRepair.Adopted => "adopted",
        _ => "none",
    };

    private static string ReasonOf(string cause) => cause switch
    {
        "cookie_lost" => "most browsers did not keep the server's cookie: compare Kameleoon:Cookie:Domain with the host, and look for "
            + "scripts that delete cookies",
        "local_storage" => "most engines took the code of their local storage: set Kameleoon:Engine:AlwaysImposeVisitorCode to true",
        "sign_in" => "most codes changed at a sign-in or sign-out after the page had loaded the engine: place the engine tag behind the "
            + "code that signs in",
        "consent" => "most visitors had not consented, so no cookie was set: decide before the engine tag, which then passes the code on",
        "two_cookies" => "most browsers have two cookies of the name: set Kameleoon:Cookie:Domain to the registrable domain",
        "hidden_cookie" => "most scripts cannot read the cookie: look for a proxy or a policy that adds HttpOnly to it",
        "replayed" => "most pages or cookies are another visitor's: look for a cache that stores pages although they are private, or their Set-Cookie",
        _ => "the cause is unknown",
    };
}
