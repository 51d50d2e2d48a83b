namespace Kameleoon.Hybrid.Tests;

public sealed class UserAgentBotDetectorTests
{
    [Theory]
    [InlineData(Agents.Googlebot)]
    [InlineData("Mozilla/5.0 (compatible; bingbot/2.0; +http://www.bing.com/bingbot.htm)")]
    [InlineData("Mozilla/5.0 (compatible; Baiduspider/2.0; +http://www.baidu.com/search/spider.html)")]
    [InlineData("Mozilla/5.0 AppleWebKit/537.36 (KHTML, like Gecko; compatible; GPTBot/1.2; +https://openai.com/gptbot)")]
    [InlineData("facebookexternalhit/1.1 (+http://www.facebook.com/externalhit_uatext.php)")]
    [InlineData("Slackbot-LinkExpanding 1.0 (+https://api.slack.com/robots)")]
    [InlineData("WhatsApp/2.23.20.0")]
    [InlineData("Mozilla/5.0 (compatible; Discordbot/2.0; +https://discordapp.com)")]
    [InlineData("Mozilla/5.0 (Windows NT 6.1; WOW64) SkypeUriPreview Preview/0.5")]
    [InlineData("Mozilla/5.0 (Windows NT 5.1; rv:11.0) Gecko Firefox/11.0 (via ggpht.com GoogleImageProxy)")]
    [InlineData("Mozilla/4.0 (compatible; ms-office; MSOffice 16)")]
    [InlineData("Microsoft Office Existence Discovery")]
    [InlineData("Mozilla/5.0+(compatible; UptimeRobot/2.0; http://www.uptimerobot.com/)")]
    [InlineData("Pingdom.com_bot_version_1.4_(http://www.pingdom.com/)")]
    [InlineData("Blackbox Exporter/0.25.0")]
    [InlineData(Agents.HeadlessChrome)]
    [InlineData("NodePing")]
    [InlineData("python-requests/2.32.3 ExampleCrawler")]
    public void Crawlers_previews_scanners_monitors_and_headless_browsers_are_bots(string agent) =>
        UserAgentBotDetector.Judge(agent).ShouldBe(true);

    [Theory]
    [InlineData(Agents.Firefox)]
    [InlineData("Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/140.0.0.0 Safari/537.36")]
    [InlineData("Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/140.0.0.0 Safari/537.36 Edg/140.0.0.0")]
    [InlineData("Mozilla/5.0 (Macintosh; Intel Mac OS X 10_15_7) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/18.6 Safari/605.1.15")]
    [InlineData("Mozilla/5.0 (iPhone; CPU iPhone OS 18_6 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/18.6 Mobile/15E148 Safari/604.1")]
    [InlineData("Mozilla/5.0 (iPhone; CPU iPhone OS 18_6 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) CriOS/140.0.7339.39 Mobile/15E148 Safari/604.1")]
    [InlineData("Mozilla/5.0 (Linux; Android 15; SM-S931B) AppleWebKit/537.36 (KHTML, like Gecko) SamsungBrowser/28.0 Chrome/130.0.0.0 Mobile Safari/537.36")]
    [InlineData("Mozilla/5.0 (Linux; Android 15; Pixel 9 Build/AP4A.250205.002; wv) AppleWebKit/537.36 (KHTML, like Gecko) Version/4.0 Chrome/140.0.7339.51 Mobile Safari/537.36 Instagram 396.0.0.46.242 Android")]
    [InlineData("Mozilla/5.0 (Windows NT 10.0; WOW64; Trident/7.0; rv:11.0) like Gecko")]
    [InlineData("Mozilla/5.0 (Linux; Android 14; CUBOT KINGKONG 9) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/140.0.0.0 Mobile Safari/537.36")]
    [InlineData("Mozilla/5.0 (X11; CrOS x86_64 16181.61.0) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/140.0.0.0 Safari/537.36 OPR/125.0.0.0")]
    public void People_s_browsers_are_not_even_a_phone_whose_maker_is_called_Cubot(string agent) =>
        UserAgentBotDetector.Judge(agent).ShouldBe(false);

    [Theory]
    [InlineData("okhttp/4.12.0")]
    [InlineData("Dart/3.5 (dart:io)")]
    [InlineData("curl/8.5.0")]
    [InlineData("python-requests/2.32.3")]
    [InlineData("Go-http-client/1.1")]
    [InlineData("node")]
    public void What_mobile_apps_back_ends_and_developers_call_with_is_none(string agent) =>
        UserAgentBotDetector.Judge(agent).ShouldBe(false);

    [Fact]
    public void Whoever_says_nothing_is_taken_for_a_person()
    {
        var detector = new UserAgentBotDetector();

        detector.IsBot(Request(null)).ShouldBeFalse();
        detector.IsBot(Request("")).ShouldBeFalse();
    }

    [Theory]
    [InlineData("Sec-CH-UA", "\"Chromium\";v=\"140\", \"HeadlessChrome\";v=\"140\", \"Not=A?Brand\";v=\"24\"", true)]
    [InlineData("Sec-CH-UA", "\"HeadlessEdg\";v=\"141\"", true)]
    [InlineData("Sec-CH-UA-Full-Version-List", "\"HeadlessChrome\";v=\"140.0.1.2\"", true)]
    [InlineData("Sec-CH-UA", "\"Chromium\";v=\"140\", \"Google Chrome\";v=\"140\"", false)]
    [InlineData("Sec-CH-UA-Platform", "\"HeadlessChrome\"", false)]
    public void Client_hints_that_name_a_headless_browser_beside_a_clean_user_agent_make_a_bot(
        string name, string hint, bool isBot)
    {
        var request = Request(Agents.Firefox);
        request.Headers[name] = hint;

        new UserAgentBotDetector().IsBot(request).ShouldBe(isBot);
    }

    [Fact]
    public void A_flood_of_user_agents_changes_no_verdict()
    {
        var detector = new UserAgentBotDetector();

        Parallel.For(0, 20_000, i =>
        {
            detector.IsBot(Request($"{Agents.Firefox} {i}")).ShouldBeFalse();
            detector.IsBot(Request($"Examplebot/{i}")).ShouldBeTrue();
            detector.IsBot(Request(Agents.Firefox)).ShouldBeFalse();
            detector.IsBot(Request(Agents.Googlebot)).ShouldBeTrue();
        });
    }

    [Fact]
    public void A_flood_of_verdicts_takes_no_more_room_than_there_is()
    {
        var verdicts = new UserAgentVerdicts();
        var agents = Enumerable.Range(0, 100_000).Select(i => $"agent {i}").ToArray();

        foreach (var agent in agents)
        {
            verdicts.Keep(agent, agent.EndsWith('7'));
        }

        var kept = agents.Where(agent => verdicts.Find(agent) is not null).ToList();
        kept.Count.ShouldBeInRange(1, 2048);
        kept.ShouldAllBe(agent => verdicts.Find(agent) == (agent.EndsWith('7')));
        verdicts.Find("never seen").ShouldBeNull();
    }

    [Fact]
    public void A_known_user_agent_costs_no_memory()
    {
        var detector = new UserAgentBotDetector();
        var request = Request(Agents.Firefox);
        detector.IsBot(request);

        var before = GC.GetAllocatedBytesForCurrentThread();
        for (var i = 0; i < 1000; i++)
        {
            detector.IsBot(request);
        }

        (GC.GetAllocatedBytesForCurrentThread() - before).ShouldBe(0);
    }

    [Theory]
    [InlineData("a")]
    [InlineData("1.0/")]
    [InlineData("x 1.0 ")]
    [InlineData("(compatible; ")]
    [InlineData("@a-")]
    [InlineData("; ")]
    [InlineData("\u00e9")]
    [InlineData("Mozilla/5.0 (")]
    [InlineData(".com")]
    public void What_was_made_to_take_long_is_judged_all_the_same(string part)
    {
        var agent = string.Concat(Enumerable.Repeat(part, 512 / part.Length));

        UserAgentBotDetector.Judge(agent).ShouldNotBeNull();
        UserAgentBotDetector.Judge(Agents.Firefox + " " + agent).ShouldNotBeNull();
    }

    private static HttpRequest Request(string? agent)
    {
        var request = new DefaultHttpContext().Request;
        request.Headers.UserAgent = agent;
        return request;
    }
}
