using Microsoft.Extensions.Hosting;

namespace Kameleoon.Hybrid;

/// <summary>Removes visitors whose session has ended, a few at a time.</summary>
internal sealed class VisitorSweeper(VisitorStore visitors, TimeProvider clock) : BackgroundService
{
    public override async Task StopAsync(CancellationToken cancellationToken)
    {
        await base.StopAsync(cancellationToken);
        visitors.End();
    }

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        using var timer = new PeriodicTimer(visitors.SweepInterval, clock);
        try
        {
            while (await timer.WaitForNextTickAsync(stoppingToken))
            {
                while (visitors.Sweep() && !stoppingToken.IsCancellationRequested)
                {
                    await Task.Yield();
                }
            }
        }
        catch (OperationCanceledException) when (stoppingToken.IsCancellationRequested)
        {
            // The application ends. A host that is disposed of without being stopped would log this as a failure.
        }
    }
}
