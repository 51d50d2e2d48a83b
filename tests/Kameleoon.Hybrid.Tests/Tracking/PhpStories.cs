namespace Kameleoon.Hybrid.Tests;

/// <summary>The recorded runs of the PHP SDK.</summary>
internal static class PhpStories
{
    private const string Recording = "php-4.20";
    private const string Token = "php-4.23-token";
    private const string Visitor = "vc10ctbql0zpf4rw";
    private const string Queued =
        "A tracked evaluation writes its lines to a file at once, so that nothing is left to this flush; step 21 or 24 of go-3.18 is the same story.";

    internal static Story[] All => [Everything(), Basic()];

    /// <summary>The steps with lines whose parameters are in the order of ours and whose texts need no escaping of brackets.
    /// </summary>
    internal static IEnumerable<string> SameBytes => Everything().Steps
        .Where(step => step.Name[..2] is "03" or "04" or "05" or "07" or "08" or "09" or "11" or "12" or "14" or "15" or "25")
        .Concat(Basic().Steps.Take(1))
        .Select(step => step.Key);

    private static Story Everything() => new Story(Recording, GoStories.As("PHP", "4.20.0", "staging")) { Common = GoStories.WithoutToken }
        .Sends("01 configuration fetch (no Last-Modified known), environment=staging", _ => { })
        .Sends("02 page view; instant flush (token fetched first)", Visitor, v =>
            v.AddData(new PageView("https://shop.example/a b?x=1&y=é", "Hello & welcome", [3, 7])))
        .Sends("03 page view without title or referrers", Visitor, v => v.AddData(new PageView("https://shop.example/plain")))
        .Sends("04 conversion with revenue", Visitor, v => v.TrackConversion(55, 10.5m))
        .Sends("05 conversion negative", Visitor, v => v.AddData(new Conversion(55, -10, negative: true)))
        .Sends("06 conversion with metadata (duplicate index 5, one by name)", Visitor, v => v.TrackConversion(56, metadata: GoStories.Metadata))
        .Sends("07 custom data, two values", Visitor, v => v.AddData(new CustomData(1, "gold", "o\"k\\", "gold")))
        .Sends("08 custom data overwrite=false", Visitor, v => v.AddData(new CustomData("plan", "silver") { Overwrite = false }))
        .Sends("09 local-only custom data (nothing of it is sent, an activity line goes out)", Visitor, v => v.AddData(new CustomData("secret", "x")))
        .Sends("10 browser with version", Visitor, v => v.AddData(new Browser(BrowserType.Safari, 16.5f)))
        .Sends("11 device", Visitor, v => v.AddData(new Device(DeviceType.Phone)))
        .Sends("12 operating system", Visitor, v => v.AddData(new VisitorOperatingSystem(OperatingSystemType.Ios)))
        .Sends("13 geolocation with coordinates", Visitor, v => v.AddData(GoStories.Paris))
        .Sends("14 geolocation country only", Visitor, v => v.AddData(new Geolocation("France")))
        .Sends("15 cookie and application version (never sent; activity line)", Visitor, v =>
            v.AddData(new CookieData([new("a", "b")]), new ApplicationVersion("1.2")))
        .Sends("16 user agent on the first line only", Visitor, v =>
        {
            v.TrackConversion(57);
            v.AddData(new PageView("https://shop.example/1"), new UserAgent("Mozilla/5.0 (X; é)"));
        })
        .Sends("17 getVariation does not call synchronously in PHP", site => _ = site.For(Visitor).GetVariation("checkout"))
        .LeavesOut("18 flush after getVariation", Queued, site => site.FlushAsync(Visitor))
        .LeavesOut("19 targeting segment", Queued)
        .Sends("20 mapping identifier set on anonymous visitor", "anon1", v => v.AddData(new CustomData(3, "user-77")))
        .Sends("21 unique identifier: mappingValue", "user-77", v =>
        {
            v.AddData(new UniqueIdentifier(true));
            v.TrackConversion(58);
        })
        .Sends("22 unique identifier without anonymous visitor: self link", "lonely", v =>
        {
            v.AddData(new UniqueIdentifier(true));
            v.TrackConversion(59);
        })
        .Sends("23 getRemoteVisitorData default filter", site => site.For(Visitor).GetRemoteVisitorDataAsync())
        .Sends("24 getRemoteVisitorData everything", site => site.For("v2").GetRemoteVisitorDataAsync(RemoteVisitorDataFilter.All))
        .Sends("25 flush after remote data: visit counters (staticData)", "v2", _ => { })
        .Sends("26 getRemoteVisitorData with unique identifier", site =>
        {
            site.For("u9").AddData(new UniqueIdentifier(true));
            return site.For("u9").GetRemoteVisitorDataAsync();
        })
        .Sends("27 getRemoteData", site => site.For(Visitor).GetRemoteDataAsync("some key/1"))
        .Sends("28 warehouse audience", site => site.For(Visitor).GetVisitorWarehouseAudienceAsync(8, "wk-1"))
        .Sends("29 flush after warehouse audience", Visitor, _ => { });

    private static Story Basic() => new Story(Token, GoStories.As("PHP", "4.23.0"))
        .Sends("PHP 4.23.0: configuration, token with HTTP Basic, tracking", "v1", v => v.TrackConversion(1))
        .Sends("PHP 4.23.0: mapping identifier flushed twice", async site =>
        {
            site.For("anon1").AddData(new CustomData(3, "user-77"));
            await site.FlushAsync("anon1");

            // Ours repeats it only once a visit on the platform is over.
            await site.MoveAsync(TimeSpan.FromMinutes(30));
            await site.FlushAsync("anon1");
        });
}
