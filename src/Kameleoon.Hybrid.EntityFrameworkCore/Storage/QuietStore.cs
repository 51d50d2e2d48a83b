using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Diagnostics;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;
using Npgsql;

namespace Kameleoon.Hybrid.EntityFrameworkCore;

/// <summary>Keeps the library's own queries out of the application's log and traces.</summary>
/// <remarks>Entity Framework logs each command at Information, and the outbox runs several each second. Failures are
/// reported by the callers, once for an outage.</remarks>
internal static class QuietStore
{
    /// <summary>Logs commands and their failures at Debug, and adds the library's interceptors.</summary>
    internal static void Configure(DbContextOptionsBuilder options, params IInterceptor[] interceptors) => options
        .AddInterceptors(interceptors)
        .ConfigureWarnings(static warnings => warnings.Log(
            (RelationalEventId.CommandExecuted, LogLevel.Debug),
            (RelationalEventId.CommandError, LogLevel.Debug),
            (RelationalEventId.CommandCanceled, LogLevel.Debug),
            (RelationalEventId.ConnectionError, LogLevel.Debug),
            (RelationalEventId.TransactionError, LogLevel.Debug),
            (CoreEventId.QueryIterationFailed, LogLevel.Debug),
            (CoreEventId.QueryCanceled, LogLevel.Debug)));

    /// <summary>Turns off the driver's own log and traces of commands, which say the same again.</summary>
    internal static void Configure(NpgsqlDataSourceBuilder source) => source
        .UseLoggerFactory(NullLoggerFactory.Instance)
        .ConfigureTracing(static tracing => tracing
            .ConfigureCommandFilter(static _ => false)
            .ConfigureBatchFilter(static _ => false)
            .EnablePhysicalOpenTracing(false));
}
