using System.Collections.Concurrent;

namespace Kameleoon.Hybrid.Tests;

/// <summary>Keeps every event in the order in which it arrives.</summary>
internal sealed class RecordingListener : IKameleoonListener
{
    internal ConcurrentQueue<KameleoonEvent> Events { get; } = [];

    internal IEnumerable<T> Of<T>()
        where T : KameleoonEvent => Events.OfType<T>();

    public ValueTask OnEvaluationAsync(EvaluationEvent evaluation, CancellationToken cancellationToken) => Add(evaluation);

    public ValueTask OnExposureAsync(ExposureEvent exposure, CancellationToken cancellationToken) => Add(exposure);

    public ValueTask OnConversionAsync(ConversionEvent conversion, CancellationToken cancellationToken) => Add(conversion);

    public ValueTask OnConfigurationAsync(ConfigurationEvent configuration, CancellationToken cancellationToken) =>
        Add(configuration);

    public ValueTask OnPlatformRequestAsync(PlatformRequestEvent request, CancellationToken cancellationToken) => Add(request);

    private ValueTask Add(KameleoonEvent added)
    {
        Events.Enqueue(added);
        return default;
    }
}
