using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Options;

namespace Kameleoon.Hybrid.EntityFrameworkCore;

/// <summary>Checks the database, creates the tables and compiles the first query while the application starts.</summary>
/// <remarks>The first visitors then do not wait for it. The start continues after a timeout when the database is
/// unavailable.</remarks>
internal sealed class DatabaseWarmUp(
    KameleoonDatabase database, IVisitorLinkStore links, TimeProvider clock, IOptions<KameleoonOptions> options) : IHostedService
{
    public async Task StartAsync(CancellationToken cancellationToken)
    {
        using var timeout = new CancellationTokenSource(options.Value.StartTimeout, clock);
        using var linked = CancellationTokenSource.CreateLinkedTokenSource(timeout.Token, cancellationToken);
        try
        {
            // SQLite works on the thread of its caller. The check goes on when the start does not wait for it any more.
            await Task.Run(() => database.CheckAsync(CancellationToken.None), linked.Token).WaitAsync(linked.Token);
            await links.FindAsync("", linked.Token).AsTask().WaitAsync(linked.Token);
        }
#pragma warning disable CA1031 // The first link request reports the failure to the log and to the health check.
        catch (Exception) when (!cancellationToken.IsCancellationRequested)
#pragma warning restore CA1031
        {
            // Pages are served without the database.
        }
    }

    public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;
}
