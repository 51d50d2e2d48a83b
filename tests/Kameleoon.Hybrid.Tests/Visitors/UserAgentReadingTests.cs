using Kameleoon.Hybrid.Decisions;

namespace Kameleoon.Hybrid.Tests;

/// <summary>Browsers as they announce themselves; the expected families are those of the browser engine.</summary>
public sealed class UserAgentReadingTests
{
    [Theory]
    [InlineData("Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/126.0.0.0 Safari/537.36",
        BrowserType.Chrome, 126f, OperatingSystemType.Windows, DeviceType.Desktop)]
    [InlineData("Mozilla/5.0 (X11; CrOS x86_64 14541.0.0) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/120.0.6099.71 Safari/537.36",
        BrowserType.Chrome, 120f, OperatingSystemType.Linux, DeviceType.Desktop)]
    [InlineData("Mozilla/5.0 (Linux; Android 10; K) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/126.0.0.0 Mobile Safari/537.36",
        BrowserType.Chrome, 126f, OperatingSystemType.Android, DeviceType.Phone)]
    [InlineData("Mozilla/5.0 (Linux; Android 13; SM-X906C) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/126.0.0.0 Safari/537.36",
        BrowserType.Chrome, 126f, OperatingSystemType.Android, DeviceType.Tablet)]
    [InlineData("Mozilla/5.0 (iPhone; CPU iPhone OS 17_5 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) CriOS/126.0.6478.35 Mobile/15E148 Safari/604.1",
        BrowserType.Chrome, 126f, OperatingSystemType.Ios, DeviceType.Phone)]
    [InlineData("Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 (KHTML, like Gecko) HeadlessChrome/126.0.0.0 Safari/537.36",
        BrowserType.Chrome, 126f, OperatingSystemType.Linux, DeviceType.Desktop)]
    [InlineData("Mozilla/5.0 (Macintosh; Intel Mac OS X 10_15_7) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/17.10 Safari/605.1.15",
        BrowserType.Safari, 17.1f, OperatingSystemType.Mac, DeviceType.Desktop)]
    [InlineData("Mozilla/5.0 (iPhone; CPU iPhone OS 17_5 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/17.5 Mobile/15E148 Safari/604.1",
        BrowserType.Safari, 17.5f, OperatingSystemType.Ios, DeviceType.Phone)]
    [InlineData("Mozilla/5.0 (iPad; CPU OS 12_5 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/12.1.2 Mobile/15E148 Safari/604.1",
        BrowserType.Safari, 12.1f, OperatingSystemType.Ios, DeviceType.Tablet)]
    [InlineData("Mozilla/5.0 (iPod touch; CPU iPhone OS 12_5 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/12.1 Mobile/15E148 Safari/604.1",
        BrowserType.Safari, 12.1f, OperatingSystemType.Ios, DeviceType.Phone)]
    [InlineData("Mozilla/5.0 (X11; Ubuntu; Linux x86_64; rv:127.0) Gecko/20100101 Firefox/127.0",
        BrowserType.Firefox, 127f, OperatingSystemType.Linux, DeviceType.Desktop)]
    [InlineData("Mozilla/5.0 (Android 14; Mobile; rv:127.0) Gecko/127.0 Firefox/127.0",
        BrowserType.Firefox, 127f, OperatingSystemType.Android, DeviceType.Phone)]
    [InlineData("Mozilla/5.0 (Android 14; Tablet; rv:127.0) Gecko/127.0 Firefox/127.0",
        BrowserType.Firefox, 127f, OperatingSystemType.Android, DeviceType.Tablet)]
    [InlineData("Mozilla/5.0 (iPhone; CPU iPhone OS 17_5 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) FxiOS/127.0 Mobile/15E148 Safari/605.1.15",
        BrowserType.Firefox, 127f, OperatingSystemType.Ios, DeviceType.Phone)]
    [InlineData("Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/126.0.0.0 Safari/537.36 OPR/111.0.0.0",
        BrowserType.Opera, 111f, OperatingSystemType.Windows, DeviceType.Desktop)]
    [InlineData("Opera/9.80 (Windows NT 6.1; WOW64) Presto/2.12.388 Version/12.18",
        BrowserType.Opera, 9.8f, OperatingSystemType.Windows, DeviceType.Desktop)]
    [InlineData("Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/125.0.0.0 Safari/537.36 Edg/125.0.2535.92",
        BrowserType.Other, 125f, OperatingSystemType.Windows, DeviceType.Desktop)]
    [InlineData("Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/64.0.3282.140 Safari/537.36 Edge/18.17763",
        BrowserType.Other, 18.17763f, OperatingSystemType.Windows, DeviceType.Desktop)]
    [InlineData("Mozilla/5.0 (Linux; Android 14; SM-S918B) AppleWebKit/537.36 (KHTML, like Gecko) SamsungBrowser/25.0 Chrome/121.0.0.0 Mobile Safari/537.36",
        BrowserType.Other, 25f, OperatingSystemType.Android, DeviceType.Phone)]
    [InlineData("Mozilla/5.0 (Windows NT 10.0; WOW64; Trident/7.0; rv:11.0) like Gecko",
        BrowserType.InternetExplorer, 11f, OperatingSystemType.Windows, DeviceType.Desktop)]
    [InlineData("Mozilla/4.0 (compatible; MSIE 8.0; Windows NT 6.1; Trident/4.0)",
        BrowserType.InternetExplorer, 8f, OperatingSystemType.Windows, DeviceType.Desktop)]
    [InlineData("Mozilla/5.0 (Windows Phone 10.0; Android 6.0.1; Microsoft; Lumia 950) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/52.0.2743.116 Mobile Safari/537.36 Edge/15.15063",
        BrowserType.Other, 15.15063f, OperatingSystemType.WindowsPhone, DeviceType.Phone)]
    [InlineData("curl/8.5.0", BrowserType.Other, null, null, DeviceType.Desktop)]
    [InlineData("NotFirefox/1.0 Chrome/", BrowserType.Chrome, null, null, DeviceType.Desktop)]
    [InlineData("Chrome/99999999999999999999999999999", BrowserType.Chrome, 1E+16f, null, DeviceType.Desktop)]
    [InlineData("Firefox/..5", BrowserType.Firefox, null, null, DeviceType.Desktop)]
    public void Browsers_are_told_apart_as_the_engine_does(
        string agent, BrowserType browser, float? version, OperatingSystemType? system, DeviceType device)
    {
        var reading = new UserAgentReading(agent);

        reading.Browser.ShouldBe(new VisitorBrowser(browser, version));
        reading.OperatingSystem.ShouldBe(system);
        reading.Device.ShouldBe(device);
    }

    [Fact]
    public void An_empty_one_says_nothing()
    {
        var reading = new UserAgentReading("");

        (reading.Browser, reading.OperatingSystem, reading.Device).ShouldBe((null, null, null));
    }
}
