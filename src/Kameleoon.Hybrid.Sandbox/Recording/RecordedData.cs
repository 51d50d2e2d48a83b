using Microsoft.Extensions.Logging;

namespace Kameleoon.Hybrid.Sandbox;

/// <summary>Deletes everything the sandbox has received: events, stored batches and the log of requests.</summary>
internal sealed class RecordedData(
    Recorder recorder, SandboxStore store, RequestLog requestLog, ILogger<RecordedData> logger)
{
    internal void Clear()
    {
        store.ClearBatches();
        recorder.Reset();
        requestLog.Clear();
        logger.Reset();
    }
}
