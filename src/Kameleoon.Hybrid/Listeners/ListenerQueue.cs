using System.Threading.Channels;
using Microsoft.Extensions.Logging;

namespace Kameleoon.Hybrid;

/// <summary>The bounded queue of one listener. Adding never blocks; events without room are dropped and counted.</summary>
internal sealed class ListenerQueue(IKameleoonListener listener, int capacity, KameleoonMetrics metrics, ILogger logger)
{
    private readonly string _name = listener.GetType().Name;
    private readonly LogOnce _full = new();
    private readonly LogOnce _failed = new();
    private readonly Channel<KameleoonEvent> _waiting = Channel.CreateBounded<KameleoonEvent>(
        new BoundedChannelOptions(capacity) { SingleReader = true });

    internal void Add(KameleoonEvent added)
    {
        if (_waiting.Writer.TryWrite(added))
        {
            return;
        }

        metrics.ListenerLost(_name, "full");
        if (_full.IsFirst())
        {
            logger.ListenerQueueFull(_name, capacity);
        }
    }

    /// <summary>Lets the listener receive the events that wait, and ends <see cref="RunAsync"/>.</summary>
    internal void Close() => _waiting.Writer.TryComplete();

    /// <summary>Counts the events that the listener did not receive before the application stopped.</summary>
    internal void Abandon()
    {
        var lost = 0;
        while (_waiting.Reader.TryRead(out _))
        {
            lost++;
        }

        if (lost > 0)
        {
            metrics.ListenerLost(_name, "stop", lost);
            logger.ListenerStopped(_name, lost);
        }
    }

    /// <summary>Passes the events to the listener in order, until the queue is closed and empty.</summary>
    internal async Task RunAsync(CancellationToken cancellationToken)
    {
        await foreach (var next in _waiting.Reader.ReadAllAsync(cancellationToken))
        {
            try
            {
                await PassAsync(next, cancellationToken);
            }
#pragma warning disable CA1031 // A listener is application code and may throw anything. The next event must still arrive.
            catch (Exception e)
#pragma warning restore CA1031
            {
                metrics.ListenerLost(_name, "failed");
                if (_failed.IsFirst())
                {
                    logger.ListenerFailed(e, _name);
                }
            }
        }
    }

    private ValueTask PassAsync(KameleoonEvent next, CancellationToken cancellationToken) => next switch
    {
        EvaluationEvent evaluation => listener.OnEvaluationAsync(evaluation, cancellationToken),
        ExposureEvent exposure => listener.OnExposureAsync(exposure, cancellationToken),
        ConversionEvent conversion => listener.OnConversionAsync(conversion, cancellationToken),
        ConfigurationEvent configuration => listener.OnConfigurationAsync(configuration, cancellationToken),
        PlatformRequestEvent request => listener.OnPlatformRequestAsync(request, cancellationToken),
        _ => default,
    };
}
