using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace Kameleoon.Hybrid.Sandbox;

/// <summary>Loads the stored events of earlier runs when the application starts.</summary>
internal sealed class EventRestorer(
    SandboxStore store, Recorder recorder, ProjectFile dataFile, ILogger<EventRestorer> logger) : IHostedService
{
    public Task StartAsync(CancellationToken cancellationToken)
    {
        var batches = store.TakeBatches();
        if (batches.Count > 0)
        {
            var catalog = dataFile.Read().Catalog;
            var events = 0;
            foreach (var batch in batches)
            {
                events += recorder.Record(EventBatch.Parse(batch.Query, batch.Body, batch.Facts), catalog, batch.Time).Count;
            }

            logger.EventsRestored(events, store.Path!);
        }

        return Task.CompletedTask;
    }

    public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;
}
