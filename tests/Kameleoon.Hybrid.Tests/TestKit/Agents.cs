namespace Kameleoon.Hybrid.Tests;

/// <summary>What browsers and bots call themselves.</summary>
internal static class Agents
{
    internal const string Firefox = "Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0";

    internal const string Googlebot = "Mozilla/5.0 (compatible; Googlebot/2.1; +http://www.google.com/bot.html)";

    internal const string HeadlessChrome = "Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 (KHTML, like Gecko) "
        + "HeadlessChrome/140.0.0.0 Safari/537.36";
}
