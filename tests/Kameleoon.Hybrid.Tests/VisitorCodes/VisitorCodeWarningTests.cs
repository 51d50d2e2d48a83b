namespace Kameleoon.Hybrid.Tests;

public sealed class VisitorCodeWarningTests
{
    [Theory]
    [InlineData(100, 0)]
    [InlineData(101, 1)]
    public async Task A_code_that_the_data_api_does_not_take_is_logged_once(int length, int entries)
    {
        await using var site = await TestSite.StartAsync();

        await site.ReadAsAsync(new string('x', length), "/code");
        await site.ReadAsAsync(new string('y', length), "/code");
        site.App.Services.GetRequiredService<IKameleoonClientFactory>().ForVisitor(new string('z', length));

        site.Log.Texts(214).Count().ShouldBe(entries);
        site.Log.Texts(214).ShouldAllBe(text => text.Contains("101 characters", StringComparison.Ordinal));
    }

    [Fact]
    public async Task So_is_one_that_the_application_gives()
    {
        await using var site = await TestSite.StartAsync();

        site.App.Services.GetRequiredService<IKameleoonClientFactory>().ForVisitor(new string('z', 255));

        site.Log.Texts(214).ShouldHaveSingleItem();
    }

    [Theory]
    [InlineData("kameleoonVisitorCode=one; kameleoonVisitorCode=two", 1)]
    [InlineData("kameleoonVisitorCode=one; a=b;kameleoonVisitorCode=", 1)]
    [InlineData("kameleoonVisitorCode=o ne; kameleoonVisitorCode=two", 1)]
    [InlineData("kameleoonVisitorCode=one; kameleoonVisitorCode=one", 0)]
    [InlineData("kameleoonVisitorCode=one; xkameleoonVisitorCode=two", 0)]
    [InlineData("kameleoonVisitorCode=one; kameleoonVisitorCodeStamp=20000.two", 0)]
    [InlineData("kameleoonVisitorCode=one; note=kameleoonVisitorCode=two", 0)]
    public async Task Cookies_that_contradict_each_other_are_logged_once(string cookies, int entries)
    {
        await using var site = await TestSite.StartAsync();

        await site.ReadAsync("/code", ("Cookie", cookies));
        await site.ReadAsync("/code", ("Cookie", cookies));

        site.Log.Texts(215).Count().ShouldBe(entries);
    }
}
