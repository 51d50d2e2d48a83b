namespace Kameleoon.Hybrid.Listeners;

/// <summary>Receives what the library decides, reports and asks the platform, for example to copy exposures into a data
/// warehouse. Add it by <c>AddListener</c>.</summary>
/// <remarks>
/// <para>Implement the methods that you need; the others do nothing.</para>
/// <para>Each listener has a queue of its own and gets its events in order, one at a time, on a background thread and never
/// in a request. A full queue drops new events, which are counted by <c>kameleoon.listeners.lost</c> and logged once. An
/// exception is logged once, and the next event follows. A listener that hangs loses its own events only.</para>
/// <para>A listener is a singleton. One that several projects share may be called by each of them at once.</para>
/// </remarks>
public interface IKameleoonListener
{
    /// <summary>A flag was decided.</summary>
    /// <param name="evaluation">The flag, the variation and the visitor.</param>
    /// <param name="cancellationToken">Cancelled when the application does not wait for the listener any longer.</param>
    ValueTask OnEvaluationAsync(EvaluationEvent evaluation, CancellationToken cancellationToken) => default;

    /// <summary>An exposure has its owner.</summary>
    /// <param name="exposure">The experiment, the variation and the visitor.</param>
    /// <param name="cancellationToken">Cancelled when the application does not wait for the listener any longer.</param>
    ValueTask OnExposureAsync(ExposureEvent exposure, CancellationToken cancellationToken) => default;

    /// <summary>A conversion was queued for the platform.</summary>
    /// <param name="conversion">The goal, the revenue and the visitor.</param>
    /// <param name="cancellationToken">Cancelled when the application does not wait for the listener any longer.</param>
    ValueTask OnConversionAsync(ConversionEvent conversion, CancellationToken cancellationToken) => default;

    /// <summary>A data file came into force.</summary>
    /// <param name="configuration">The data file and the flags that changed.</param>
    /// <param name="cancellationToken">Cancelled when the application does not wait for the listener any longer.</param>
    ValueTask OnConfigurationAsync(ConfigurationEvent configuration, CancellationToken cancellationToken) => default;

    /// <summary>A request to the platform ended.</summary>
    /// <param name="request">The kind, the status and the duration.</param>
    /// <param name="cancellationToken">Cancelled when the application does not wait for the listener any longer.</param>
    ValueTask OnPlatformRequestAsync(PlatformRequestEvent request, CancellationToken cancellationToken) => default;
}
