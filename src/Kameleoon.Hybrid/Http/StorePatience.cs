using Polly;
using Polly.CircuitBreaker;
using Polly.Timeout;

namespace Kameleoon.Hybrid;

/// <summary>How long a request waits for a store: while that is away requests must not queue up before it, each for a
/// whole deadline.</summary>
/// <remarks>Only what concerns everybody shuts the door. What a store refuses while it answers others, a row that cannot be
/// read for instance, is the affair of who asked.</remarks>
internal sealed class StorePatience
{
    private readonly CircuitBreakerManualControl _circuit = new();
    private readonly ResiliencePipeline _request;
    private readonly ResiliencePipeline _background;
    private readonly Func<CancellationToken, Task> _askAnything;
    private readonly TimeProvider _clock;
    private readonly TimeSpan _timeout;
    private long _lastAnswer;

    /// <param name="timeout">How long a call may take.</param>
    /// <param name="clock">The clock.</param>
    /// <param name="askAnything">Asks the store what it can always answer.</param>
    internal StorePatience(TimeSpan timeout, TimeProvider clock, Func<CancellationToken, Task> askAnything)
    {
        (_timeout, _clock, _askAnything) = (timeout, clock, askAnything);
        _lastAnswer = clock.GetTimestamp();
        var deadline = new TimeoutStrategyOptions { Timeout = timeout };
        _background = new ResiliencePipelineBuilder { TimeProvider = clock }.AddTimeout(deadline).Build();
        _request = new ResiliencePipelineBuilder { TimeProvider = clock }
            .AddCircuitBreaker(new CircuitBreakerStrategyOptions
            {
                FailureRatio = 0.5,
                MinimumThroughput = 5,
                SamplingDuration = TimeSpan.FromSeconds(10),
                BreakDuration = TimeSpan.FromSeconds(2),
                ManualControl = _circuit,
                ShouldHandle = outcome => ValueTask.FromResult(ConcernsEverybody(outcome.Outcome.Exception)),
            })
            .AddTimeout(deadline)
            .Build();
    }

    /// <summary>Asks, unless the store failed too often lately.</summary>
    /// <exception cref="StoreRefusalException">The store answers others.</exception>
    internal ValueTask<T> AskAsync<T>(Func<CancellationToken, ValueTask<T>> call, CancellationToken cancellation) =>
        _request.ExecuteAsync(token => TryAsync(call, token), cancellation);

    /// <summary>The same where no request waits for it: its failures keep no request from asking.</summary>
    /// <exception cref="StoreRefusalException">The store answers others.</exception>
    internal ValueTask<T> AskLaterAsync<T>(Func<CancellationToken, ValueTask<T>> call, CancellationToken cancellation) =>
        _background.ExecuteAsync(token => TryAsync(call, token), cancellation);

    /// <summary>The store is known to answer again.</summary>
    internal Task GoOnAsync() => _circuit.CloseAsync(CancellationToken.None);

    // Not every database client gives up when told to, while it connects for instance, or waits without a thread.
    private async ValueTask<T> TryAsync<T>(Func<CancellationToken, ValueTask<T>> call, CancellationToken cancellation)
    {
        try
        {
            var answer = await Task.Run(() => call(cancellation).AsTask(), cancellation).WaitAsync(cancellation);
            Volatile.Write(ref _lastAnswer, _clock.GetTimestamp());
            return answer;
        }
        catch (Exception refusal) when (refusal is not OperationCanceledException)
        {
            await Task.Run(() => _askAnything(cancellation), cancellation).WaitAsync(cancellation);
            throw new StoreRefusalException(refusal);
        }
    }

    // Who waited in vain may have waited for a single row: others got their answers meanwhile.
    private bool ConcernsEverybody(Exception? exception) => exception switch
    {
        null or StoreRefusalException or OperationCanceledException => false,
        TimeoutRejectedException => _clock.GetElapsedTime(Volatile.Read(ref _lastAnswer)) >= _timeout,
        _ => true,
    };
}

/// <summary>A store does not do what it was asked, and answers others.</summary>
#pragma warning disable CA1032, CA1064 // Thrown and caught beside the stores only.
internal sealed class StoreRefusalException(Exception cause) : Exception(cause.Message, cause);
#pragma warning restore CA1032, CA1064
