using System.Collections.Concurrent;
using System.Diagnostics;
using Microsoft.Extensions.Logging;

namespace Kameleoon.Hybrid.Identity.Tests;

/// <summary>The library's own queries are at Debug in the application's log, and in its traces under one source.</summary>
[Collection(nameof(Databases))]
public sealed class QuietStoreTests(PostgreSqlServer postgres)
{
    private const string Bought = """{"events":[{"type":"conversion","goalId":3001,"revenue":19.90}]}""";

    [Theory]
    [InlineData("SQLite")]
    [InlineData("PostgreSQL")]
    public async Task Queries_are_logged_at_Debug_and_traced_by_the_librarys_source(string kind)
    {
        using var database = await Store.CreateAsync(kind, postgres);
        var sources = new ConcurrentDictionary<string, bool>(StringComparer.Ordinal);
        using var listener = new ActivityListener
        {
            ShouldListenTo = static source => source.Name is "Kameleoon.Hybrid" or "Npgsql",
            Sample = static (ref ActivityCreationOptions<ActivityContext> _) => ActivitySamplingResult.AllData,
            ActivityStopped = activity => sources[$"{activity.Source.Name} {activity.OperationName}"] = true,
        };
        ActivitySource.AddActivityListener(listener);
        using var log = new LevelSink();
        await using var site = await IdentitySite.StartAsync(
            kameleoon => database.AddTo(kameleoon).AddTrackingOutbox(),
            services: services => services.AddLogging(logging => logging.AddProvider(log).SetMinimumLevel(LogLevel.Debug)));

        (await site.SendAsync(HttpMethod.Post, "/kameleoon/events", "anna", Bought, code: "annas", key: "order-7")).Status.ShouldBe(202);

        await Eventually.IsTrueAsync(() => log.Lines.Any(static line => line.Category.StartsWith("Microsoft.EntityFrameworkCore", StringComparison.Ordinal)));
        log.Lines.Where(static line => line.Level > LogLevel.Debug
            && (line.Category.StartsWith("Microsoft.EntityFrameworkCore", StringComparison.Ordinal)
                || line.Category.StartsWith("Npgsql", StringComparison.Ordinal))).ShouldBeEmpty();
        await Eventually.IsTrueAsync(() => sources.ContainsKey("Kameleoon.Hybrid kameleoon.store.command"));
        sources.Keys.ShouldNotContain(static name => name.StartsWith("Npgsql", StringComparison.Ordinal));
    }

    private sealed class LevelSink : ILoggerProvider
    {
        internal ConcurrentQueue<(string Category, LogLevel Level)> Lines { get; } = new();

        public ILogger CreateLogger(string categoryName) => new Sink(categoryName, Lines);

        public void Dispose()
        {
        }

        private sealed class Sink(string category, ConcurrentQueue<(string Category, LogLevel Level)> lines) : ILogger
        {
            public IDisposable? BeginScope<TState>(TState state)
                where TState : notnull => null;

            public bool IsEnabled(LogLevel logLevel) => true;

            public void Log<TState>(
                LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter) =>
                lines.Enqueue((category, logLevel));
        }
    }
}
