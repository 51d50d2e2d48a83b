using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Options;

namespace Kameleoon.Hybrid;

/// <summary>Runs the listeners with the host: from before the first data file until after the last events are sent.
/// </summary>
/// <remarks>Listeners are created at the start and not before, because they may need the services that publish
/// events.</remarks>
internal sealed class ListenerService(
    IServiceProvider services, ListenerFeed feed, IOptions<KameleoonOptions> options, TimeProvider clock)
    : IHostedLifecycleService, IDisposable
{
#pragma warning disable CA2213 // It has no handle to release, and a host of tests may stop the service after its disposal.
    private readonly CancellationTokenSource _stopping = new();
#pragma warning restore CA2213
    private ListenerQueue[] _queues = [];
    private Task _running = Task.CompletedTask;

    public Task StartingAsync(CancellationToken cancellationToken)
    {
        _queues = feed.Open(services.GetServices<IKameleoonListener>());
        _running = Task.WhenAll(_queues.Select(queue => Task.Run(() => queue.RunAsync(_stopping.Token), CancellationToken.None)));
        return Task.CompletedTask;
    }

    public Task StartAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StartedAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StoppingAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public async Task StoppedAsync(CancellationToken cancellationToken)
    {
        feed.Close();
        using var patience = new CancellationTokenSource(options.Value.StopTimeout, clock);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(patience.Token, cancellationToken);
        await _running.WaitAsync(either.Token).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        await _stopping.CancelAsync();
        foreach (var queue in _queues)
        {
            queue.Abandon();
        }
    }

    public void Dispose() => _stopping.Cancel();
}
