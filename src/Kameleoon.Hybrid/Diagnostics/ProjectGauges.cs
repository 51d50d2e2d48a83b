using System.Collections.Concurrent;
using System.Diagnostics.Metrics;

namespace Kameleoon.Hybrid;

/// <summary>Reads the age of each project's data file, the size of its queue, and the size and age of its outbox, when a
/// listener asks.</summary>
internal sealed class ProjectGauges
{
    /// <summary>OpenTelemetry's name for a set of flags. A project is one.</summary>
    internal const string SetId = "feature_flag.set.id";

    private readonly ConcurrentDictionary<string, Func<TimeSpan?>> _configurationAges = new(StringComparer.Ordinal);
    private readonly ConcurrentDictionary<string, (Func<long> Queued, Func<long> Size)> _queues = new(StringComparer.Ordinal);
    private readonly ConcurrentDictionary<string, (Func<long?> Size, Func<TimeSpan> Age)> _outboxes = new(StringComparer.Ordinal);

    /// <summary>Measures the age of a project's data file from now on.</summary>
    /// <param name="siteCode">The project.</param>
    /// <param name="age">Reads the age, or null while the project has no data file.</param>
    internal void ObserveConfiguration(string siteCode, Func<TimeSpan?> age) => _configurationAges[siteCode] = age;

    /// <summary>Measures a project's queue from now on.</summary>
    /// <param name="siteCode">The project.</param>
    /// <param name="queued">Reads how many events were queued since the start.</param>
    /// <param name="size">Reads how many events are in memory.</param>
    internal void ObserveQueue(string siteCode, Func<long> queued, Func<long> size) => _queues[siteCode] = (queued, size);

    /// <summary>Measures a project's outbox from now on.</summary>
    /// <param name="siteCode">The project.</param>
    /// <param name="size">Reads how many events the outbox held when it was last asked, or null before that.</param>
    /// <param name="age">Reads the age of the oldest batch.</param>
    internal void ObserveOutbox(string siteCode, Func<long?> size, Func<TimeSpan> age) => _outboxes[siteCode] = (size, age);

    internal IEnumerable<Measurement<double>> ReadConfigurationAges()
    {
        foreach (var (siteCode, read) in _configurationAges)
        {
            if (read() is { } age)
            {
                yield return new(age.TotalSeconds, new KeyValuePair<string, object?>(SetId, siteCode));
            }
        }
    }

    internal IEnumerable<Measurement<long>> ReadQueued() => ReadQueues(static queue => queue.Queued());

    internal IEnumerable<Measurement<long>> ReadQueueSizes() => ReadQueues(static queue => queue.Size());

    internal IEnumerable<Measurement<long>> ReadOutboxSizes()
    {
        foreach (var (siteCode, outbox) in _outboxes)
        {
            if (outbox.Size() is { } size)
            {
                yield return new(size, new KeyValuePair<string, object?>(SetId, siteCode));
            }
        }
    }

    internal IEnumerable<Measurement<double>> ReadOutboxAges()
    {
        foreach (var (siteCode, outbox) in _outboxes)
        {
            if (outbox.Size() is not null)
            {
                yield return new(outbox.Age().TotalSeconds, new KeyValuePair<string, object?>(SetId, siteCode));
            }
        }
    }

    private IEnumerable<Measurement<long>> ReadQueues(Func<(Func<long> Queued, Func<long> Size), long> read) =>
        _queues.Select(queue => new Measurement<long>(
            read(queue.Value), new KeyValuePair<string, object?>(SetId, queue.Key)));
}
