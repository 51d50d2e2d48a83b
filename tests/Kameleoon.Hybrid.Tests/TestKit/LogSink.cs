using System.Collections.Concurrent;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;

namespace Kameleoon.Hybrid.Tests;

/// <summary>Keeps what the library logs.</summary>
internal sealed class LogSink : ILoggerProvider, ILogger
{
    private readonly ConcurrentQueue<(LogLevel Level, EventId Id, string Text)> _entries = new();

    internal IEnumerable<(LogLevel Level, EventId Id, string Text)> Entries => _entries;

    internal IEnumerable<string> Texts(int id) =>
        _entries.Where(entry => entry.Id.Id == id).Select(entry => entry.Text);

    public ILogger CreateLogger(string categoryName) =>
        categoryName.StartsWith("Kameleoon", StringComparison.Ordinal) ? this : NullLogger.Instance;

    public IDisposable? BeginScope<TState>(TState state)
        where TState : notnull => null;

    public bool IsEnabled(LogLevel logLevel) => true;

    public void Log<TState>(
        LogLevel logLevel,
        EventId eventId,
        TState state,
        Exception? exception,
        Func<TState, Exception?, string> formatter) =>
        _entries.Enqueue((logLevel, eventId, formatter(state, exception)));

    public void Dispose()
    {
    }
}
