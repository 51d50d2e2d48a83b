using System.Text.RegularExpressions;

namespace Kameleoon.Hybrid;

/// <summary>What bots put into their user agent. Written by List/build.mjs from isbot 5.2.3: do not edit.</summary>
internal static partial class BotList
{
    internal static readonly string[] Texts =
    [
        " deusu/", "24x7", "()", "|", "abuse", "advisor", "analyzer", "archive", "ask jeeves/teoma", "attracta",
        "audit", "bluecoat drtr", "browsex", "burpcollaborator", "capture", "catch", "checker", "chrome-lighthouse",
        "chromeframe", "classifier", "cloudflare", "convertify", "cookiehubverify/", "crawl", "cursor/", "cypress/",
        "dareboost", "datanyze", "dejaclick", "detect", "discovery", "dmbrowser", "download", "exaleadcloudview",
        "feed", "firephp", "foregenix", "functionize", "grab", "headless", "hotjar", "httrack",
        "hubspot marketing grader", "ibisbrowser", "infrawatch", "insight", "inspect", "iplabel", "library",
        "linkcheck", "linktiger", "mail.ru/", "manus-user/", "marketgoo/", "measure", "neustar wpm", "nutch",
        "offbyone", "openvas", "optimize", "pageburst", "pagespeed", "parser", "phantomjs", "pingdom", "playwright",
        "powermarks", "preview", "productfinder", "prospectingstudio", "proxy", "radar", "readable/", "retriever",
        "rexx;", "rigor", "scrape", "securityheaders", "selenium", "server", "silktide", "sindup/", "sogou",
        "sparkler/", "speedcurve", "spider", "splash", "statuscake", "supercleaner", "synapse", "synthetic",
        "testlocally", "tools", "torrent", "transcoder", "url", "validator", "virtuoso", "wappalyzer", "watchtowr",
        "webglance", "webkit2png", "whatcms/", "xtate/",
    ];

    // Milliseconds. The patterns take microseconds; one of a later version that does not must not hold a page for ever.
    private const int Timeout = 5000;

    private const string AtTheStart = "^(?:"
        + @"[<\(;]"
        + @"|[\w \.\-\(?:\):%]+(?:/v?\d+(?:\.\d+)?(?:\.\d{1,10})*?)?(?:,|$)"
        + @"|[\w\-]+/[\w]+$"
        + @"|[^ ]{50,}$"
        + @"|\d+\b"
        + @"|\w*search\b"
        + @"|\w+/[\w\(\)]*$"
        + @"|\w+/\d\.\d\s\([\w@]+\)$"
        + @"|active"
        + @"|ad muncher"
        + @"|amaya"
        + @"|apache/"
        + @"|avsdevicesdk/"
        + @"|azure"
        + @"|biglotron"
        + @"|blackbox exporter"
        + @"|bot"
        + @"|clamav[ /]"
        + @"|claude-code/"
        + @"|client/"
        + @"|cobweb/"
        + @"|custom"
        + @"|ddg[_-]android"
        + @"|discourse"
        + @"|dispatch/\d"
        + @"|downcast/"
        + @"|duckduckgo"
        + @"|email"
        + @"|exodusmovement"
        + @"|facebook"
        + @"|getright/"
        + @"|gozilla/"
        + @"|hobbit"
        + @"|hotzonu"
        + @"|hwcdn/"
        + @"|igetter/"
        + @"|jeode/"
        + @"|jetty/"
        + @"|jigsaw"
        + @"|microsoft bits"
        + @"|movabletype"
        + @"|mozilla/\d\.\d\s[\w\.-]+$"
        + @"|mozilla/\d\.\d\s\((?:compatible;)?(?:\s?[\w\d-.]+[\s/]\d+\.\d+)?\)$"
        + @"|navermailapp"
        + @"|netsurf"
        + @"|offline"
        + @"|openai/"
        + @"|owler"
        + @"|php"
        + @"|postman"
        + @"|ps_daily/"
        + @"|python"
        + @"|rank"
        + @"|read"
        + @"|reed"
        + @"|remove\.bg/"
        + @"|rest"
        + @"|rss"
        + @"|snapchat"
        + @"|sora "
        + @"|space bison"
        + @"|stape/"
        + @"|svn"
        + @"|swcd "
        + @"|taringa"
        + @"|thumbor/"
        + @"|track"
        + @"|w3c"
        + @"|webbandit/"
        + @"|webcopier"
        + @"|wget"
        + @"|whatsapp"
        + @"|wordpress"
        + @"|xenu link sleuth"
        + @"|yahoo"
        + @"|yandex"
        + @"|zdm/\d"
        + @"|zoom marketplace/"
        + ")";

    private const string Anywhere = ""
        + @" daum[ /]"
        + @"|(?:^|[^g])news(?!sapphire)"
        + @"|(?<! channel/|google/)google(?!(?:wv|app|/google| pixel))"
        + @"|(?<! cu)bots?(?:\b|_)"
        + @"|(?<!cam)scan"
        + @"|(?<!lib)http"
        + @"|;\s\w+;$"
        + @"|@[a-z][\w-]+\."
        + @"|\.com\b"
        + @"|\b\w+/1\.0;"
        + @"|\bbw/"
        + @"|\bdlc\b"
        + @"|\bort/"
        + @"|\bperl\b"
        + @"|\btime/"
        + @"|agent\b"
        + @"|check\b"
        + @"|collapsify\b"
        + @"|hardenize\b"
        + @"|java(?!;)"
        + @"|monitor\b"
        + @"|node\b"
        + @"|ptst[ /]\d"
        + @"|rss\b";

    [GeneratedRegex(AtTheStart, RegexOptions.IgnoreCase | RegexOptions.CultureInvariant, Timeout)]
    internal static partial Regex Start();

    [GeneratedRegex(Anywhere, RegexOptions.IgnoreCase | RegexOptions.CultureInvariant, Timeout)]
    internal static partial Regex Rest();
}
