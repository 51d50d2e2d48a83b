using Polly;
using Polly.CircuitBreaker;
using Polly.Timeout;

namespace Kameleoon.Hybrid;

/// <summary>How long a request waits for a store: while that is away requests must not queue up before it, each for a
/// whole deadline.</summary>
internal static class StorePatience
{
    internal static ResiliencePipeline Build(
        TimeSpan timeout, TimeProvider clock, CircuitBreakerManualControl? circuit = null) =>
        new ResiliencePipelineBuilder { TimeProvider = clock }
            .AddCircuitBreaker(new CircuitBreakerStrategyOptions
            {
                FailureRatio = 0.5,
                MinimumThroughput = 5,
                SamplingDuration = TimeSpan.FromSeconds(10),
                BreakDuration = TimeSpan.FromSeconds(2),
                ManualControl = circuit,
                ShouldHandle = static outcome => ValueTask.FromResult(
                    outcome.Outcome.Exception is not null and not OperationCanceledException),
            })
            .AddTimeout(new TimeoutStrategyOptions { Timeout = timeout })
            .Build();
}
