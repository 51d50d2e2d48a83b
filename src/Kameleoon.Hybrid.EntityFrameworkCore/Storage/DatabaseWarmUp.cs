using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Options;

namespace Kameleoon.Hybrid.EntityFrameworkCore;

/// <summary>Creates the tables and compiles the first query while the application starts, so that its first visitors do
/// not wait for that; but not for a database that is away.</summary>
internal sealed class DatabaseWarmUp(IVisitorLinkStore links, TimeProvider clock, IOptions<KameleoonOptions> options)
    : IHostedService
{
    public async Task StartAsync(CancellationToken cancellationToken)
    {
        using var patience = new CancellationTokenSource(options.Value.StartTimeout, clock);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(patience.Token, cancellationToken);
        try
        {
            await links.FindAsync("", either.Token).AsTask().WaitAsync(either.Token);
        }
#pragma warning disable CA1031 // Whoever asks for a link first says what is wrong, to the log and to the health check.
        catch (Exception) when (!cancellationToken.IsCancellationRequested)
#pragma warning restore CA1031
        {
            // Pages are served without it.
        }
    }

    public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;
}
