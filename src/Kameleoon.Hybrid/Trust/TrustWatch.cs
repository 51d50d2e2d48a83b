using Microsoft.Extensions.Hosting;

namespace Kameleoon.Hybrid;

/// <summary>Tests the experiments and the visitor codes every ten seconds.</summary>
internal sealed class TrustWatch(TrustMonitor monitor, IdentityComparisons identity, TimeProvider clock) : BackgroundService
{
    private static readonly TimeSpan Interval = TimeSpan.FromSeconds(10);

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        using var timer = new PeriodicTimer(Interval, clock);
        try
        {
            while (await timer.WaitForNextTickAsync(stoppingToken))
            {
                monitor.Look();
                identity.Look();
            }
        }
        catch (OperationCanceledException) when (stoppingToken.IsCancellationRequested)
        {
            // The application ends. A host that is disposed of without being stopped would log this as a failure.
        }
    }
}
