namespace Kameleoon.Hybrid.Tests;

/// <summary>Which stages a visitor has reached after a response.</summary>
public sealed class ExposureStagesTests
{
    private const VisitorStages Delivered = VisitorStages.Decided | VisitorStages.Completed;

    [Fact]
    public void Responses_that_fail_or_are_aborted_are_not_complete()
    {
        ExposureStages.OfCompleted(ResponseOutcome.Aborted, isEngines: false).ShouldBe(VisitorStages.Decided);
        ExposureStages.OfCompleted(ResponseOutcome.Error, isEngines: false).ShouldBe(VisitorStages.Decided);
        ExposureStages.OfCompleted(ResponseOutcome.Redirect, isEngines: false).ShouldBe(Delivered);
        ExposureStages.OfCompleted(ResponseOutcome.Page, isEngines: true)
            .ShouldBe(Delivered | VisitorStages.Handed | VisitorStages.Reported);
    }

    [Fact]
    public void A_page_without_the_tag_hands_nothing_over_unless_the_server_reports_all()
    {
        ExposureStages.OfReported(ResponseOutcome.Page, expectsEngine: true).ShouldBe(Delivered);
        ExposureStages.OfReported(ResponseOutcome.Page, expectsEngine: false).ShouldBe(Delivered | VisitorStages.Handed);
        ExposureStages.OfReported(ResponseOutcome.Long, expectsEngine: true).ShouldBe(Delivered | VisitorStages.Handed);
        ExposureStages.OfReported(ResponseOutcome.Aborted, expectsEngine: true).ShouldBe(VisitorStages.Decided);
    }

    [Fact]
    public void A_page_that_reports_itself_had_no_engine_unless_the_server_reports_all()
    {
        ExposureStages.OfReported(ResponseOutcome.Seen, expectsEngine: true)
            .ShouldBe(Delivered | VisitorStages.Handed | VisitorStages.Unreached);
        ExposureStages.OfReported(ResponseOutcome.Seen, expectsEngine: false).ShouldBe(Delivered | VisitorStages.Handed);
    }

    [Fact]
    public void Outcomes_of_requests_without_a_person_are_not_counted()
    {
        ExposureStages.OutcomeOf(new(ResponseOutcome.Head, ExposureState.Head)).ShouldBeNull();
        ExposureStages.OutcomeOf(new(ResponseOutcome.Page, ExposureState.Refused)).ShouldBeNull();
        ExposureStages.OutcomeOf(new(ResponseOutcome.Prefetch, ExposureState.Unseen)).ShouldBe(ExposureOutcome.Prefetch);
        ExposureStages.OutcomeOf(new(ResponseOutcome.Aborted)).ShouldBe(ExposureOutcome.Aborted);
    }
}
