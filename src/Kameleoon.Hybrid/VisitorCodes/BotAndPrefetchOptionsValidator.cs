using System.Globalization;
using Microsoft.Extensions.Options;

namespace Kameleoon.Hybrid;

/// <summary>Validates the settings of bots and prefetch headers. No setting may classify common browsers as
/// bots.</summary>
internal sealed class BotAndPrefetchOptionsValidator : IValidateOptions<KameleoonOptions>
{
    private const int MinLength = 2;
    private const int MaxLength = 200;

    private static readonly string[] Browsers =
    [
        "Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/140.0.0.0 Safari/537.36 "
            + "Edg/140.0.0.0",
        "Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0",
        "Mozilla/5.0 (iPhone; CPU iPhone OS 18_6 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/18.6 "
            + "Mobile/15E148 Safari/604.1",
        "Mozilla/5.0 (Macintosh; Intel Mac OS X 10_15_7) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/18.6 Safari/605.1.15",
        "Mozilla/5.0 (iPad; CPU OS 18_6 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) CriOS/140.0.7339.39 "
            + "Mobile/15E148 Safari/604.1",
        "Mozilla/5.0 (Linux; Android 10; K) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/140.0.0.0 Mobile Safari/537.36",
        "Mozilla/5.0 (Linux; Android 10; K) AppleWebKit/537.36 (KHTML, like Gecko) SamsungBrowser/28.0 Chrome/130.0.0.0 "
            + "Mobile Safari/537.36",
        "Mozilla/5.0 (X11; CrOS x86_64 14541.0.0) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/140.0.0.0 Safari/537.36 "
            + "OPR/122.0.0.0",
    ];

    // Browsers send these headers with every page, so the server would never report an exposure.
    private static readonly string[] OrdinaryHeaders =
    [
        "Accept", "Accept-Encoding", "Accept-Language", "Authorization", "Cache-Control", "Connection", "Content-Length",
        "Content-Type", "Cookie", "DNT", "Forwarded", "Host", "HX-Boosted", "HX-Request", "Origin", "Pragma", "Priority",
        "Referer", "Turbo-Frame", "Upgrade-Insecure-Requests", "User-Agent", "Via", "X-Forwarded-For",
        "X-Forwarded-Host", "X-Forwarded-Proto", "X-Requested-With",
    ];

    public ValidateOptionsResult Validate(string? name, KameleoonOptions options)
    {
        var problems = new OptionProblems();
        problems.RequireKnown("Prefetch", options.Prefetch);
        foreach (var header in options.PrefetchHeaders)
        {
            problems.Require(IsHeaderOfScripts(header),
                $"Kameleoon:PrefetchHeaders has '{header}', which every request may have or no script can set. Name a header "
                + "of your own, such as X-Prefetch, that is sent only with what is fetched ahead.");
        }

        RequireParts("Bots:Include", options.Bots.Include);
        RequireParts("Bots:Exclude", options.Bots.Exclude);
        foreach (var part in options.Bots.Include)
        {
            problems.Require(!IsPartOfABrowser(part),
                $"Kameleoon:Bots:Include has '{part}', which people's browsers have in their user agent too. Name a "
                + "part that only bots have.");
        }

        return problems.Build();

        void RequireParts(string setting, IList<string> parts) =>
            problems.Require(parts.All(IsPart), string.Create(
                CultureInfo.InvariantCulture,
                $"Kameleoon:{setting} has a text that is too short or too long. Set each to {MinLength} to {MaxLength} "
                + $"characters of the user agents that are meant."));
    }

    private static bool IsHeaderOfScripts(string? name) =>
        name is { Length: > 0 and <= MaxLength }
        && name.All(static c => char.IsAsciiLetterOrDigit(c) || "!#$%&'*+-.^_`|~".Contains(c, StringComparison.Ordinal))
        && !name.StartsWith("Sec-", StringComparison.OrdinalIgnoreCase)
        && !OrdinaryHeaders.Contains(name, StringComparer.OrdinalIgnoreCase);

    private static bool IsPart(string? text) => text?.Trim().Length is >= MinLength and <= MaxLength;

    private static bool IsPartOfABrowser(string text) =>
        IsPart(text) && Browsers.Any(agent => agent.Contains(text, StringComparison.OrdinalIgnoreCase));
}
