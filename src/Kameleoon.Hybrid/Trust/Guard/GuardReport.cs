namespace Kameleoon.Hybrid;

/// <summary>A guarded variation in the report.</summary>
/// <param name="Variation">Its key.</param>
/// <param name="State">Who gets it: <c>given</c>, <c>withheld</c> or <c>tried</c>.</param>
/// <param name="Since">Since when, or null if it was never withheld.</param>
/// <param name="NextProbe">When new visitors try it again, or null.</param>
/// <param name="WithheldFrom">How many visitors did not get it.</param>
/// <param name="KeptBy">How many visitors who were exposed before kept it while it was withheld.</param>
/// <param name="Trips">When and why it was withheld, the last eight times, the oldest first.</param>
internal sealed record GuardReport(
    string Variation,
    string State,
    DateTimeOffset? Since,
    DateTimeOffset? NextProbe,
    long WithheldFrom,
    long KeptBy,
    IReadOnlyList<GuardTrip> Trips)
{
    private const string Given = "given";

    internal bool IsWithholding => !string.Equals(State, Given, StringComparison.Ordinal);

    /// <summary>Reports the variations of an experiment that were ever withheld.</summary>
    internal static IReadOnlyList<GuardReport> Of(ExperimentTally tally) =>
    [
        .. from breaker in tally.Guarded?.Breakers ?? []
           where breaker.Trips.Count > 0
           select Of(tally, breaker),
    ];

    private static GuardReport Of(ExperimentTally tally, VariationBreaker breaker)
    {
        var (state, marks) = (breaker.State, tally.Guarded!.ReadMarks(breaker.Place));
        return new GuardReport(
            tally.Version.Keys[breaker.Place],
            NameOf(state.Phase),
            state.Since,
            state.NextProbe,
            marks.Withheld,
            marks.Kept,
            [.. breaker.Trips.Select(static trip => new GuardTrip(trip.State.Since, GuardSentence.NameOf(trip.Kind!.Value), trip.Sentence))]);
    }

    private static string NameOf(GuardPhase phase) => phase switch
    {
        GuardPhase.Open => "withheld",
        GuardPhase.Probing => "tried",
        _ => Given,
    };
}

/// <summary>When and why a variation was withheld.</summary>
/// <param name="Time">When.</param>
/// <param name="Reason">What was bad: <c>error</c> or <c>slow</c>.</param>
/// <param name="Sentence">Why, in numbers.</param>
internal sealed record GuardTrip(DateTimeOffset Time, string Reason, string Sentence);
