namespace Kameleoon.Hybrid.Decisions.Tests;

public sealed class BanditTests
{
    private static readonly DataFile Site = TestSite.WithRule();

    [Theory]
    [InlineData(0.1, 0.2, "other")]
    [InlineData(0.2, 0.1, "on")]
    [InlineData(-1, double.NegativeInfinity, "on")]
    public void The_best_score_wins_whatever_the_shares(double on, double other, string key) =>
        Site.Decide(TestSite.Key, Scored("visitor", (31, on), (32, other))).Variation.Key.ShouldBe(key);

    [Fact]
    public void Scores_of_other_variations_or_no_number_change_nothing()
    {
        Site.Decide(TestSite.Key, Scored("visitor", (99, 1))).Variation.Key.ShouldBe("on");
        Site.Decide(TestSite.Key, Scored("visitor", (31, double.NaN), (32, double.NaN))).Variation.Key.ShouldBe("on");
    }

    [Fact]
    public void Equal_scores_split_the_visitors_by_their_hash()
    {
        for (var i = 0; i < 100; i++)
        {
            var visitor = Scored($"visitor {i}", (31, 0.5), (32, 0.5), (99, 0.9));
            var expected = HashSuffix.OfId(21).Hash(visitor.VisitorCode) < 0.5 ? "on" : "other";

            Site.Decide(TestSite.Key, visitor).Variation.Key.ShouldBe(expected);
        }
    }

    private static TestVisitor Scored(string code, params (long Id, double Score)[] scores)
    {
        var visitor = new TestVisitor(code);
        visitor.Record.BanditScores[21] = scores.ToDictionary(score => score.Id, score => score.Score);
        return visitor;
    }
}
