using ConsentAdapters;

namespace Kameleoon.Hybrid.Tests;

/// <summary>The sample adapters read what the consent platforms write.</summary>
public sealed class ConsentAdapterTests
{
    [Theory]
    [InlineData("OptanonAlertBoxClosed=2026-01-01; OptanonConsent=isGpcEnabled%3D0%26groups%3DC0001%3A1%2CC0002%3A1", true)]
    [InlineData("OptanonAlertBoxClosed=2026-01-01; OptanonConsent=isGpcEnabled=0&groups=C0001%3A1%2CC0002%3A0", false)]
    [InlineData("OptanonConsent=groups%3DC0001%3A1%2CC0002%3A1", null)]
    [InlineData("OptanonAlertBoxClosed=2026-01-01; OptanonConsent=groups%3DC0001%3A1", null)]
    [InlineData("OptanonAlertBoxClosed=2026-01-01; OptanonConsent=%%%", null)]
    [InlineData("a=b", null)]
    public void One_trust(string cookies, bool? expected) => Read(new OneTrustConsent(), cookies).ShouldBe(expected);

    [Theory]

    // The IAB's own example: purposes 1 to 3 only, then one with all ten.
    [InlineData("COvFyGBOvFyGBAbAAAENAPCAAOAAAAAAAAAAAEEUACCKAAA.IFoEUQQgAIQwgIwQABAEAAAAOIAACAIAAAAQAIAgEAACEAAAAAgAQBAAAAAAAGBAAgAAAAAAAFAAECAAAgAAQARAEQAAAAAJAAIAAgAAAYQEAAAQmAgBC3ZAYzUw", false)]
    [InlineData("not base64!", null)]
    [InlineData("", null)]
    [InlineData("AAAA", null)]
    public void Tcf_version_2(string consent, bool? expected) =>
        Read(new TcfConsent(), "euconsent-v2=" + consent).ShouldBe(expected);

    [Theory]
    [InlineData(1, true)]
    [InlineData(2, true)]
    [InlineData(3, true)]
    [InlineData(4, false)]
    public void Tcf_purposes_one_by_one(int purpose, bool expected) =>
        Read(new TcfConsent(purpose), "euconsent-v2=COvFyGBOvFyGBAbAAAENAPCAAOAAAAAAAAAAAEEUACCKAAA").ShouldBe(expected);

    private static bool? Read(IKameleoonConsentProvider provider, string cookies)
    {
        var context = new DefaultHttpContext();
        context.Request.Headers.Cookie = cookies;
        return provider.GetConsent(context);
    }
}
