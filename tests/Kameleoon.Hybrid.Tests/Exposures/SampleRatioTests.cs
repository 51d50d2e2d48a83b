namespace Kameleoon.Hybrid.Tests;

/// <summary>What one arm answers does not change how many of its visitors are counted.</summary>
public sealed class SampleRatioTests
{
    private const int Visitors = 300;

    [Theory]
    [InlineData("GET", "page", "redirect", true)]
    [InlineData("GET", "page", "redirect", false)]
    [InlineData("GET", "page", "throws", false)]
    [InlineData("GET", "page", "throws-after-tag", false)]
    [InlineData("POST", "redirect", "redirect", false)]
    [InlineData("POST", "redirect", "redirect", true)]
    [InlineData("GET", "page", "abort", false)]
    [InlineData("GET", "page", "left", true)]
    [InlineData("GET", "left", "left", true)]
    [InlineData("GET", "page", "blocked", true)]
    public async Task Each_of_300_visitors_is_reported_once_in_the_decided_arm(string method, string a, string b, bool follows)
    {
        await using var site = await ArmsSite.StartAsync();

        for (var i = 0; i < Visitors; i++)
        {
            await site.VisitAsync($"visitor{i}", new HttpMethod(method), $"/step/0?a={a}&b={b}", follows);
        }

        var byServer = await site.StopAsync();
        var reported = site.ByEngine.Concat(byServer).ToList();
        var decided = site.Decided.ToList();
        decided.Count.ShouldBe(Visitors);
        reported.Order().ShouldBe(decided.Order());
        reported.Select(static one => one.Visitor).Distinct(StringComparer.Ordinal).Count().ShouldBe(Visitors);
        ChiSquare(reported, decided).ShouldBeLessThan(6.63); // p = 0.01 with one degree of freedom
    }

    private static double ChiSquare(
        List<(string Visitor, int Flag, string Arm)> reported, List<(string Visitor, int Flag, string Arm)> decided) =>
        decided.GroupBy(static one => one.Arm, StringComparer.Ordinal).Sum(arm =>
        {
            var expected = (double)arm.Count() * reported.Count / decided.Count;
            var difference = reported.Count(one => one.Arm == arm.Key) - expected;
            return difference * difference / expected;
        });
}
