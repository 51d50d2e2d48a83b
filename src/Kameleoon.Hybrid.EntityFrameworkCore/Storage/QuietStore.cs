using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Diagnostics;
using Microsoft.Extensions.Logging;

namespace Kameleoon.Hybrid.EntityFrameworkCore;

/// <summary>Keeps the library's own queries out of the application's log.</summary>
/// <remarks>Entity Framework logs each command at Information, and the outbox runs several each second. Failures are
/// reported by the callers, once for an outage.</remarks>
internal static class QuietStore
{
    /// <summary>Logs commands and their failures at Debug, and traces commands by the library's own source.</summary>
    internal static void Configure(DbContextOptionsBuilder options, CommandTraces traces) => options
        .AddInterceptors(traces)
        .ConfigureWarnings(static warnings => warnings.Log(
            (RelationalEventId.CommandExecuted, LogLevel.Debug),
            (RelationalEventId.CommandError, LogLevel.Debug),
            (RelationalEventId.CommandCanceled, LogLevel.Debug),
            (RelationalEventId.ConnectionError, LogLevel.Debug),
            (RelationalEventId.TransactionError, LogLevel.Debug),
            (CoreEventId.QueryIterationFailed, LogLevel.Debug),
            (CoreEventId.QueryCanceled, LogLevel.Debug)));
}
