using Microsoft.Extensions.Logging;

namespace Kameleoon.Hybrid.Tests;

/// <summary>A place for logs that fails at one event.</summary>
internal sealed class BrokenLog(int id) : ILoggerProvider, ILogger
{
    public ILogger CreateLogger(string categoryName) => this;

    public IDisposable? BeginScope<TState>(TState state)
        where TState : notnull => null;

    public bool IsEnabled(LogLevel logLevel) => true;

    public void Log<TState>(
        LogLevel logLevel,
        EventId eventId,
        TState state,
        Exception? exception,
        Func<TState, Exception?, string> formatter)
    {
        if (eventId.Id == id)
        {
            throw new InvalidOperationException("The log is broken.");
        }
    }

    public void Dispose()
    {
    }
}
