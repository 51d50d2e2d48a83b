using System.Collections.Frozen;
using Kameleoon.Hybrid.Decisions;
using Microsoft.Extensions.Logging;

namespace Kameleoon.Hybrid;

/// <summary>Counts the visitors of each experiment by stage and outcome, and tests whether they are distributed as the weights
/// require. Registered by <c>AddKameleoonTrust</c>; nothing is counted without it.</summary>
/// <remarks>Counting takes no lock, and allocates nothing after the first visitor of an experiment. Safe for concurrent use.
/// </remarks>
internal sealed class TrustMonitor(
    ConfigurationStore configuration, TimeProvider clock, TrustMetrics metrics, VariationGuard guard, ILogger<TrustMonitor> logger,
    IExperimentFeed? feed = null)
{
    // Each has a table of 256 kB once it has visitors.
    private const int MaxExperiments = 100;

    private readonly Lock _replacing = new();
    private Tallies _tallies = new(null, FrozenDictionary<long, ExperimentTally>.Empty);

    /// <summary>Whether the visitors of all servers are counted.</summary>
    internal bool IsFarm => feed is not null;

    /// <summary>The experiments of the data file in force, in its order.</summary>
    internal IEnumerable<ExperimentTally> Experiments => Current.ByExperiment.Values
        .OrderBy(static tally => tally.Version.FlagKey, StringComparer.Ordinal)
        .ThenBy(static tally => tally.Version.ExperimentId);

    private Tallies Current =>
        Volatile.Read(ref _tallies) is var tallies && ReferenceEquals(tallies.DataFile, configuration.DataFile)
            ? tallies
            : Replace();

    /// <summary>Returns an experiment, or null for one that is not watched.</summary>
    internal ExperimentTally? Find(long experimentId) => Current.ByExperiment.GetValueOrDefault(experimentId);

    /// <summary>Counts the stages of a visitor.</summary>
    internal void Count(string visitorCode, long experimentId, long variationId, VisitorStages stages) =>
        Find(experimentId)?.Count(visitorCode, variationId, stages);

    /// <summary>Counts the end of a response.</summary>
    internal void Count(long experimentId, long variationId, ExposureOutcome outcome) =>
        Find(experimentId)?.Count(variationId, outcome);

    /// <inheritdoc cref="ExperimentTally.Count(string, long, bool, int?, bool)"/>
    internal void Count(
        string visitorCode, long experimentId, long variationId, bool hasFailed, int? milliseconds, bool isAborted) =>
        Find(experimentId)?.Count(visitorCode, variationId, hasFailed, milliseconds, isAborted);

    /// <summary>Counts a tracked decision of a bot.</summary>
    internal void CountBot(long experimentId) => Find(experimentId)?.CountBot();

    /// <summary>Leaves a visitor out of an experiment, because the application forced the variation.</summary>
    internal void Exclude(string visitorCode, long experimentId) => Find(experimentId)?.Exclude(visitorCode);

    /// <summary>Tests all experiments.</summary>
    internal void Look()
    {
        var all = Current.ByExperiment.Values;
        if (guard.Options.Enabled)
        {
            Guard(all);
        }

        foreach (var tally in all)
        {
            if (tally.Look() && TrustSentence.Of(tally) is { } sentence)
            {
                metrics.Alarmed(TrustSentence.NameOf(tally.Alarmed!.Tests.Origin!.Value));
                logger.ExperimentMismatch(sentence);
            }
        }
    }

    private void Guard(IReadOnlyCollection<ExperimentTally> all)
    {
        var now = clock.GetUtcNow();
        foreach (var (tally, change) in all.SelectMany(tally => tally.Guarded!.Look(now).Select(change => (tally, change))))
        {
            if (change.Kind is { } kind)
            {
                metrics.Withheld(tally, change.Variation, GuardSentence.NameOf(kind));
                logger.VariationWithheld(change.Sentence);
            }
            else
            {
                logger.VariationTried(change.Sentence);
            }
        }

        // Another data file may have come meanwhile, and another look at the same experiments may have ended.
        lock (_replacing)
        {
            guard.Publish(_tallies.ByExperiment.Values);
        }
    }

    // Counts of an experiment go on unless its variations, weights or redistribution changed.
    private Tallies Replace()
    {
        lock (_replacing)
        {
            var dataFile = configuration.DataFile;
            var former = _tallies;
            if (ReferenceEquals(former.DataFile, dataFile))
            {
                return former;
            }

            var versions = dataFile is null ? [] : ExperimentVersion.AllOf(dataFile, MaxExperiments);
            var replaced = new Tallies(dataFile, versions.ToFrozenDictionary(
                static version => version.ExperimentId,
                version => former.ByExperiment.GetValueOrDefault(version.ExperimentId) is { } known && known.Version.IsSame(version)
                    ? known
                    : new ExperimentTally(
                        version, clock, guard.Options.Enabled ? new GuardedExperiment(version, guard.Options) : null, isShared: feed is not null)));
            Volatile.Write(ref _tallies, replaced);
            metrics.Observe([.. replaced.ByExperiment.Values]);
            guard.Publish(replaced.ByExperiment.Values);
            return replaced;
        }
    }

    private sealed record Tallies(DataFile? DataFile, FrozenDictionary<long, ExperimentTally> ByExperiment);
}
