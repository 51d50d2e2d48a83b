namespace Kameleoon.Hybrid.Decisions.Tests;

public sealed class VisitorFactsTests
{
    [Fact]
    public void Whoever_answers_only_the_code_and_the_time_is_decided_as_a_new_visitor()
    {
        var site = DataFile.Parse(File.ReadAllBytes(Path.Combine(AppContext.BaseDirectory, "Examples", "data-file.json")));

        foreach (var flag in site.Flags)
        {
            site.Decide(flag, new NewVisitor()).ShouldBe(site.Decide(flag, new TestVisitor("staff-7")));
        }

        site.EvaluateAudiences(new NewVisitor()).ShouldBe(site.EvaluateAudiences(new TestVisitor("staff-7")));
    }

    [Fact]
    public void The_day_begins_at_midnight_of_the_place_whose_time_it_is()
    {
        IVisitorFacts visitor = new NewVisitor();

        visitor.StartOfDay.ShouldBe(new DateTimeOffset(2026, 1, 15, 0, 0, 0, TimeSpan.FromHours(2)));
        visitor.CurrentVisitStart.ShouldBe(visitor.Now);
    }

    private sealed class NewVisitor : IVisitorFacts
    {
        public string VisitorCode => "staff-7";

        public DateTimeOffset Now => new(2026, 1, 15, 0, 30, 0, TimeSpan.FromHours(2));
    }
}
