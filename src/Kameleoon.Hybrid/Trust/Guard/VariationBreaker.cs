namespace Kameleoon.Hybrid;

/// <summary>Withholds one variation from new visitors while its responses are worse than those of the control variation.</summary>
/// <remarks>A circuit breaker: closed, open for a time, then half open for a few visitors. Not safe for concurrent use but for
/// <see cref="State"/> and <see cref="Trips"/>.</remarks>
/// <param name="version">The experiment.</param>
/// <param name="place">The place of the variation.</param>
/// <param name="options">The settings.</param>
internal sealed class VariationBreaker(ExperimentVersion version, int place, KameleoonGuardOptions options)
{
    private const double FalseTrips = 0.001;

    // Visitors who try a variation that was withheld for a good reason are fewer, and so is the harm of a false alarm.
    private const double FalseTripsOfProbe = 0.05;
    private const int MaxTrips = 8;

    private static readonly GuardSigns[] Kinds = [GuardSigns.Failed, GuardSigns.Slow];

    private readonly GuardFigures[] _seen = new GuardFigures[Kinds.Length];
    private RiskTest[] _tests = Create(FalseTrips / (version.Keys.Length - 1));
    private GuardCounts? _counts;
    private GuardState _state = new(GuardPhase.Closed, default);
    private GuardChange[] _trips = [];
    private int _breaks;

    internal int Place => place;

    internal GuardState State => Volatile.Read(ref _state);

    /// <summary>How often it was withheld without being given for long. Visitors who try it are others each time.</summary>
    internal int Breaks => Volatile.Read(ref _breaks);

    /// <summary>When and why it was withheld, the last eight times.</summary>
    internal IReadOnlyList<GuardChange> Trips => Volatile.Read(ref _trips);

    /// <summary>Who gets the variation, and why it was withheld.</summary>
    internal string Sentence => State switch
    {
        { Phase: GuardPhase.Open } => Trips[^1].Sentence,
        var state => GuardSentence.Tried(version, place, state),
    };

    /// <summary>Tests what was counted since the last look.</summary>
    /// <returns>What changes, or null. Then the experiment is counted anew.</returns>
    internal GuardChange? Look(GuardCounts counts, DateTimeOffset now)
    {
        var state = Began(State, now);
        if (state.Phase == GuardPhase.Open)
        {
            return now >= state.NextProbe ? Probe(now) : null;
        }

        Add(counts, now);
        foreach (var (test, kind, least) in Zip())
        {
            if (test.FindProof(least) is { } rates)
            {
                return Withhold(kind, rates, now);
            }
        }

        return state.Phase == GuardPhase.Probing ? EndProbe(counts, now) : Forget(state, now);
    }

    // The system's clock may be set back. What would begin in the future begins now, so that no break lasts for longer than two.
    private GuardState Began(GuardState state, DateTimeOffset now)
    {
        if (now < state.Since)
        {
            state = state with { Since = now, NextProbe = now + (state.NextProbe - state.Since) };
            Volatile.Write(ref _state, state);
        }

        return state;
    }

    private static RiskTest[] Create(double falseTrips) => [new(falseTrips / Kinds.Length), new(falseTrips / Kinds.Length)];

    private IEnumerable<(RiskTest Test, GuardSigns Kind, double LeastIncrease)> Zip() =>
    [
        (_tests[0], GuardSigns.Failed, options.ErrorIncrease),
        (_tests[1], GuardSigns.Slow, options.SlowIncrease),
    ];

    private void Add(GuardCounts counts, DateTimeOffset now)
    {
        if (!ReferenceEquals(counts, _counts))
        {
            _counts = counts;
            Array.Clear(_seen);
        }

        for (var i = 0; i < Kinds.Length; i++)
        {
            var (all, seen) = (counts.Read(Kinds[i], place, version.Control), _seen[i]);
            _seen[i] = all;
            _tests[i].Add(
                all.Hit - seen.Hit,
                all.ControlHit - seen.ControlHit,
                all.Visitors - seen.Hit,
                all.ControlVisitors - seen.ControlHit,
                all.Rates.Since(seen.Rates),
                now);
        }
    }

    private GuardChange Withhold(GuardSigns kind, in GuardRates rates, DateTimeOffset now)
    {
        var longest = options.MaxBreakFor / options.BreakFor;
        var state = new GuardState(
            GuardPhase.Open, now, now + (options.BreakFor * Math.Min(longest, Math.Pow(2, _breaks))));
        Volatile.Write(ref _breaks, _breaks + 1);
        var change = new GuardChange(
            state, version.Keys[place], kind, GuardSentence.Withheld(version, place, kind, rates, state));
        Volatile.Write(ref _trips, [.. _trips.TakeLast(MaxTrips - 1), change]);
        return Enter(change, FalseTripsOfProbe);
    }

    private GuardChange Probe(DateTimeOffset now)
    {
        var state = new GuardState(GuardPhase.Probing, now);
        return Enter(
            new GuardChange(state, version.Keys[place], Kind: null, GuardSentence.Tried(version, place, state)),
            FalseTripsOfProbe);
    }

    private GuardChange? EndProbe(GuardCounts counts, DateTimeOffset now)
    {
        var (errors, slowness) = (counts.Read(GuardSigns.Failed, place, version.Control), counts.Read(GuardSigns.Slow, place, version.Control));
        if (errors.Visitors < options.ProbeVisitors || errors.ControlVisitors == 0)
        {
            return null;
        }

        if (errors.Rates.Increase >= options.ErrorIncrease)
        {
            return Withhold(GuardSigns.Failed, errors.Rates, now);
        }

        if (slowness.Rates.Increase >= options.SlowIncrease)
        {
            return Withhold(GuardSigns.Slow, slowness.Rates, now);
        }

        var state = new GuardState(GuardPhase.Closed, now);
        return Enter(
            new GuardChange(
                state, version.Keys[place], Kind: null, GuardSentence.Given(version, place, errors.Rates, slowness.Rates)),
            FalseTrips / (version.Keys.Length - 1));
    }

    private GuardChange Enter(GuardChange change, double falseTrips)
    {
        _tests = Create(falseTrips);
        Volatile.Write(ref _state, change.State);
        return change;
    }

    // After a long health the next break is short again.
    private GuardChange? Forget(GuardState state, DateTimeOffset now)
    {
        if (_breaks > 0 && now - state.Since >= options.MaxBreakFor)
        {
            Volatile.Write(ref _breaks, 0);
        }

        return null;
    }
}
