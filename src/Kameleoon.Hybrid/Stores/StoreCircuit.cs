using Polly;
using Polly.CircuitBreaker;
using Polly.Timeout;

namespace Kameleoon.Hybrid;

/// <summary>Runs the calls to one store, each with a deadline, and stops the calls of requests for two seconds when the
/// store failed repeatedly.</summary>
/// <remarks>Requests would otherwise queue in front of an unavailable store, each for a whole deadline. Refusals do not
/// open the circuit: see <see cref="StoreRefusalException"/>.</remarks>
internal sealed class StoreCircuit
{
    private readonly CircuitBreakerManualControl _control = new();
    private readonly Lazy<ResiliencePipeline> _request;
    private readonly Lazy<ResiliencePipeline> _background;
    private readonly Lazy<ResiliencePipeline> _patient;
    private readonly Func<CancellationToken, Task>? _probe;
    private readonly TimeProvider _clock;
    private readonly TimeSpan _timeout;
    private long _lastAnswer;

    /// <param name="timeout">The deadline of calls that a request awaits, and of background calls.</param>
    /// <param name="clock">The clock of deadlines and pauses.</param>
    /// <param name="probe">Asks the store a question that it can always answer; null when every failure is an outage.</param>
    internal StoreCircuit(TimeSpan timeout, TimeProvider clock, Func<CancellationToken, Task>? probe)
    {
        (_timeout, _clock, _probe) = (timeout, clock, probe);
        _lastAnswer = clock.GetTimestamp();
        _request = new(BuildBreaker);
        _background = new(() => Deadline(timeout));
        _patient = new(() => Deadline(StoreGuard.PatientTimeout));
    }

    /// <summary>Calls the store.</summary>
    /// <exception cref="BrokenCircuitException">The caller is a request and the circuit is open.</exception>
    /// <exception cref="TimeoutRejectedException">The store did not answer before the deadline.</exception>
    /// <exception cref="StoreRefusalException">The call failed, and the store answered the probe.</exception>
    internal ValueTask<T> RunAsync<T>(
        Func<CancellationToken, ValueTask<T>> call, StoreCaller caller, CancellationToken cancellation)
    {
        var pipeline = caller switch
        {
            StoreCaller.Request => _request,
            StoreCaller.Background => _background,
            _ => _patient,
        };
        return pipeline.Value.ExecuteAsync(token => AttemptAsync(call, token), cancellation);
    }

    /// <summary>Closes the circuit, because another call showed that the store answers.</summary>
    internal Task CloseAsync() => _control.CloseAsync(CancellationToken.None);

    // On a thread of its own and abandoned at the deadline: some database clients block, or ignore cancellation while they
    // connect.
    private async ValueTask<T> AttemptAsync<T>(Func<CancellationToken, ValueTask<T>> call, CancellationToken cancellation)
    {
        try
        {
            var answer = await Task.Run(() => call(cancellation).AsTask(), cancellation).WaitAsync(cancellation);
            Volatile.Write(ref _lastAnswer, _clock.GetTimestamp());
            return answer;
        }
        catch (Exception failure) when (_probe is not null && failure is not (OperationCanceledException or StoreUnusableException))
        {
            await Task.Run(() => _probe(cancellation), cancellation).WaitAsync(cancellation);
            throw new StoreRefusalException(failure);
        }
    }

    // A timeout is an outage only if no other call was answered meanwhile: it may have waited for one locked row.
    private bool IsOutage(Exception? exception) => exception switch
    {
        null or StoreRefusalException or OperationCanceledException => false,
        TimeoutRejectedException => _clock.GetElapsedTime(Volatile.Read(ref _lastAnswer)) >= _timeout,
        _ => true,
    };

    private ResiliencePipeline BuildBreaker() => new ResiliencePipelineBuilder { TimeProvider = _clock }
        .AddCircuitBreaker(new CircuitBreakerStrategyOptions
        {
            FailureRatio = 0.5,
            MinimumThroughput = 5,
            SamplingDuration = TimeSpan.FromSeconds(10),
            BreakDuration = TimeSpan.FromSeconds(2),
            ManualControl = _control,
            ShouldHandle = outcome => ValueTask.FromResult(IsOutage(outcome.Outcome.Exception)),
        })
        .AddTimeout(_timeout)
        .Build();

    private ResiliencePipeline Deadline(TimeSpan timeout) =>
        new ResiliencePipelineBuilder { TimeProvider = _clock }.AddTimeout(timeout).Build();
}

/// <summary>A call to a store failed while the store answered another one, so the failure concerns this call only.</summary>
/// <remarks>A row that cannot be read is an example. The inner exception is the failure.</remarks>
#pragma warning disable CA1032, CA1064 // Thrown and caught in this folder only.
internal sealed class StoreRefusalException(Exception failure) : Exception(failure.Message, failure);
#pragma warning restore CA1032, CA1064
