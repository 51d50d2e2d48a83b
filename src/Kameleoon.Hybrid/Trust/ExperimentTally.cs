namespace Kameleoon.Hybrid;

/// <summary>The counts and tests of one version of an experiment. Safe for concurrent use.</summary>
internal sealed class ExperimentTally(ExperimentVersion version, TimeProvider clock, GuardedExperiment? guarded = null, bool isShared = false)
{
    private static readonly int OutcomeCount = Enum.GetValues<ExposureOutcome>().Length;

    private readonly Lock _looking = new();
    private readonly long[] _outcomes = new long[OutcomeCount * version.Keys.Length];
    private StageWindow? _window;
    private long _bots;

    internal ExperimentVersion Version => version;

    /// <summary>The guard of the experiment, or null if it is off.</summary>
    internal GuardedExperiment? Guarded => guarded;

    /// <summary>The current window, or null before the first visitor.</summary>
    internal StageWindow? Window => Volatile.Read(ref _window);

    /// <summary>How many tracked decisions bots asked for. They get the default variation.</summary>
    internal long Bots => Volatile.Read(ref _bots);

    /// <summary>The window that raised an alarm, or null. An alarm lasts until the experiment changes.</summary>
    internal StageWindow? Alarmed { get; private set; }

    /// <summary>Counts the stages of a visitor. While a variation is withheld, all visitors are left out for good: the split is not
    /// that of the weights, and who comes back later depends on the variation.</summary>
    /// <returns>False if the data file does not have the variation.</returns>
    internal bool Count(string visitorCode, long variationId, VisitorStages stages)
    {
        if (version.IndexOf(variationId) is not (>= 0 and var variation))
        {
            return false;
        }

        var hash = HashOf(visitorCode);
        if (guarded is { IsWithholding: true })
        {
            (Window ?? Begin()).Exclude(hash);
        }
        else
        {
            (Window ?? Begin()).Count(hash, variation, stages);
        }

        return true;
    }

    /// <summary>Counts the end of a response.</summary>
    internal void Count(long variationId, ExposureOutcome outcome)
    {
        if (version.IndexOf(variationId) is >= 0 and var variation)
        {
            Interlocked.Increment(ref _outcomes[((int)outcome * version.Keys.Length) + variation]);
        }
    }

    /// <summary>Counts a tracked decision of a bot.</summary>
    internal void CountBot() => Interlocked.Increment(ref _bots);

    /// <summary>Leaves a visitor out.</summary>
    internal void Exclude(string visitorCode) =>
        (Window ?? Begin()).Exclude(HashOf(visitorCode));

    /// <summary>Counts a response for the guard.</summary>
    /// <param name="visitorCode">The visitor.</param>
    /// <param name="variationId">The variation.</param>
    /// <param name="hasFailed">Whether the response failed.</param>
    /// <param name="milliseconds">How long it took, or null if that does not count.</param>
    /// <param name="isAborted">Whether the client did not wait for it.</param>
    internal void Count(string visitorCode, long variationId, bool hasFailed, int? milliseconds, bool isAborted)
    {
        if (guarded is not null && version.IndexOf(variationId) is >= 0 and var variation)
        {
            guarded.Count(HashOf(visitorCode), variation, hasFailed, milliseconds, isAborted);
        }
    }

    /// <summary>Marks a visitor who kept a withheld variation, or did not get it.</summary>
    internal void Mark(uint hash, int variation, GuardSigns sign)
    {
        guarded?.Mark(hash, variation, sign);
        (Window ?? Begin()).Exclude(hash);
    }

    /// <summary>Returns the responses of each variation that ended in a way.</summary>
    internal long[] Read(ExposureOutcome outcome)
    {
        var counts = new long[version.Keys.Length];
        for (var i = 0; i < counts.Length; i++)
        {
            counts[i] = Volatile.Read(ref _outcomes[((int)outcome * counts.Length) + i]);
        }

        return counts;
    }

    /// <summary>Returns what other servers do not know of the current window, or null.</summary>
    internal WindowMessage? FindChanges() =>
        Window is { } window && window.FindChanges(WindowMessage.MaxChanges) is { Count: > 0 } changes
            ? new WindowMessage(version.ExperimentId, version.Fingerprint, window.Number, window.Started, changes)
            : null;

    /// <summary>Notes that other servers know it.</summary>
    internal void Confirm(WindowMessage message)
    {
        if (Window is { } window && window.Number == message.Window)
        {
            foreach (var change in message.Changes)
            {
                window.Confirm(change);
            }
        }
    }

    /// <summary>Counts what another server tells. A window that began there begins here, too.</summary>
    internal void Merge(WindowMessage message)
    {
        if (message.Fingerprint != version.Fingerprint || FindWindow(message) is not { } window)
        {
            return;
        }

        foreach (var change in message.Changes)
        {
            window.Merge(change);
        }
    }

    /// <summary>Tests the counts so far, and begins another window when the table of the current one is half full.</summary>
    /// <returns>Whether this look is the first that raises an alarm.</returns>
    internal bool Look()
    {
        lock (_looking)
        {
            if (Window is not { } window)
            {
                return false;
            }

            window.Tests.Look(window.Read, clock.GetUtcNow());
            var isFirst = Alarmed is null && window.Tests.AlarmedSince is not null;
            Alarmed ??= isFirst ? window : null;
            if (window.IsFull)
            {
                Volatile.Write(ref _window, Open(window.Number + 1, clock.GetUtcNow()));
            }

            return isFirst;
        }
    }

    private StageWindow? FindWindow(WindowMessage message)
    {
        lock (_looking)
        {
            if (_window is null || _window.Number < message.Window)
            {
                Volatile.Write(ref _window, Open(message.Window, message.Started));
            }

            return _window!.Number == message.Window ? _window : null;
        }
    }

    private StageWindow Begin()
    {
        lock (_looking)
        {
            _window ??= Open(number: 1, clock.GetUtcNow());
            return _window;
        }
    }

    private StageWindow Open(int number, DateTimeOffset started) =>
        new(number, version.Weights, started, isShared ? new SharedPlaces() : null);

    private uint HashOf(string visitorCode) => VisitorHash.Of(visitorCode, version.ExperimentId);
}
