using System.Threading.Channels;
using Microsoft.Extensions.Hosting;

namespace Kameleoon.Hybrid;

/// <summary>Reads what other servers changed about the visitors of this server as soon as the store tells, where it does.
/// </summary>
internal sealed class SharedSessionFeed(SharedSessions sessions, SharedSessionAccess access, TimeProvider clock) : BackgroundService
{
    private static readonly TimeSpan Retry = TimeSpan.FromSeconds(1);

    private readonly Channel<string> _changed = Channel.CreateBounded<string>(
        new BoundedChannelOptions(10_000) { FullMode = BoundedChannelFullMode.DropWrite, SingleReader = true });

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        if (access.Feed is not { } feed)
        {
            return;
        }

        try
        {
            await Task.WhenAll(ListenAsync(feed, stoppingToken), ReadAsync(stoppingToken));
        }
        catch (OperationCanceledException) when (stoppingToken.IsCancellationRequested)
        {
            // The application stops.
        }
    }

    private async Task ListenAsync(IVisitorSessionFeed feed, CancellationToken cancellation)
    {
        while (true)
        {
            try
            {
                await feed.ListenAsync(Notice, cancellation);
            }
#pragma warning disable CA1031 // A store may throw anything. Its other calls report that it is unavailable.
            catch (Exception) when (!cancellation.IsCancellationRequested)
#pragma warning restore CA1031
            {
                // Changes are also read every few seconds.
            }

            await Task.Delay(Retry, clock, cancellation);
        }
    }

    private void Notice(string code)
    {
        if (sessions.IsKnown(code))
        {
            _changed.Writer.TryWrite(code);
        }
    }

    private async Task ReadAsync(CancellationToken cancellation)
    {
        await foreach (var code in _changed.Reader.ReadAllAsync(cancellation))
        {
            await sessions.RefreshAsync(code);
        }
    }
}
