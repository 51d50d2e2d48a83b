namespace Kameleoon.Hybrid;

/// <summary>The guard of one version of an experiment: counts responses, and withholds variations. Safe for concurrent use.
/// </summary>
internal sealed class GuardedExperiment(ExperimentVersion version, KameleoonGuardOptions options)
{
    private static readonly TimeSpan TimesInterval = TimeSpan.FromMinutes(10);

    private readonly Lock _looking = new();
    private readonly ControlTimes _times = new(options.SlowBy);
    private readonly VariationBreaker[] _breakers =
    [
        .. Enumerable.Range(0, version.Keys.Length)
            .Where(place => place != version.Control)
            .Select(place => new VariationBreaker(version, place, options)),
    ];

    private readonly long[] _kept = new long[version.Keys.Length];
    private readonly long[] _withheld = new long[version.Keys.Length];
    private GuardCounts? _counts;
    private DateTimeOffset _timesLooked;
    private bool _isWithholding;

    /// <summary>The variations other than the control variation.</summary>
    internal IReadOnlyList<VariationBreaker> Breakers => _breakers;

    /// <summary>Whether a variation is withheld from new visitors, or tried by a few.</summary>
    internal bool IsWithholding => Volatile.Read(ref _isWithholding);

    /// <summary>A sentence for each variation that new visitors do not get.</summary>
    internal IEnumerable<string> Sentences => _breakers
        .Where(static breaker => breaker.State.Phase != GuardPhase.Closed)
        .Select(static breaker => breaker.Sentence);

    private GuardCounts Counts => Volatile.Read(ref _counts) ?? Begin();

    /// <summary>Counts a response.</summary>
    /// <param name="hash">The hash of the visitor's code.</param>
    /// <param name="place">The place of the variation.</param>
    /// <param name="hasFailed">Whether the response failed.</param>
    /// <param name="milliseconds">How long it took, or null if that does not count.</param>
    /// <param name="isAborted">Whether the client did not wait for it.</param>
    internal void Count(uint hash, int place, bool hasFailed, int? milliseconds, bool isAborted)
    {
        var slowFrom = _times.SlowFrom;
        bool? isSlow = milliseconds is not null && slowFrom > 0 ? milliseconds >= slowFrom : null;
        if (place == version.Control && !isAborted && milliseconds is { } time)
        {
            _times.Add(time);
        }

        // A client that gave up early would not say how long the response took.
        Counts.Count(hash, place, hasFailed, isAborted && isSlow == false ? null : isSlow);
    }

    /// <summary>Marks a visitor who kept a withheld variation, or did not get it.</summary>
    internal void Mark(uint hash, int place, GuardSigns sign) => Counts.Mark(hash, place, sign);

    /// <summary>Returns the visitors who kept a withheld variation, and those who did not get it. A visitor counts once for each
    /// phase.</summary>
    internal (long Kept, long Withheld) ReadMarks(int place)
    {
        lock (_looking)
        {
            var counts = _counts;
            return (_kept[place] + (counts?.Read(GuardSigns.Kept, place) ?? 0), _withheld[place] + (counts?.Read(GuardSigns.Withheld, place) ?? 0));
        }
    }

    /// <summary>Tests what was counted since the last look.</summary>
    internal IReadOnlyList<GuardChange> Look(DateTimeOffset now)
    {
        lock (_looking)
        {
            if (_counts is not { } counts)
            {
                return [];
            }

            if (_times.SlowFrom == 0 || now - _timesLooked >= TimesInterval || now < _timesLooked)
            {
                _timesLooked = now;
                _times.Look();
            }

            List<GuardChange> changes = [];
            foreach (var breaker in _breakers)
            {
                if (breaker.Look(counts, now) is { } change)
                {
                    changes.Add(change);
                }
            }

            if (changes.Count > 0 || counts.IsFull)
            {
                CountAnew(counts);
            }

            Volatile.Write(ref _isWithholding, _breakers.Any(static breaker => breaker.State.Phase != GuardPhase.Closed));
            return changes;
        }
    }

    private void CountAnew(GuardCounts counts)
    {
        for (var place = 0; place < _kept.Length; place++)
        {
            _kept[place] += counts.Read(GuardSigns.Kept, place);
            _withheld[place] += counts.Read(GuardSigns.Withheld, place);
        }

        Volatile.Write(ref _counts, new GuardCounts(version.Keys.Length));
    }

    private GuardCounts Begin()
    {
        lock (_looking)
        {
            return _counts ??= new GuardCounts(version.Keys.Length);
        }
    }
}
