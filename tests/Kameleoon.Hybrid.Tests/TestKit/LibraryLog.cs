using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Testing;

namespace Kameleoon.Hybrid.Tests;

/// <summary>Collects what the library logs, and nothing of the framework.</summary>
internal static class LibraryLog
{
    internal static ILoggingBuilder CollectLibrary(this ILoggingBuilder logging) => logging
        .ClearProviders()
        .AddFakeLogging()
        .AddFilter<FakeLoggerProvider>(static (category, _) => category!.StartsWith("Kameleoon", StringComparison.Ordinal));

    internal static IEnumerable<string> Texts(this FakeLogCollector log) =>
        log.GetSnapshot().Select(static record => record.Message);

    internal static IEnumerable<string> Texts(this FakeLogCollector log, int id) =>
        log.GetSnapshot().Where(record => record.Id.Id == id).Select(static record => record.Message);
}
