using System.Reflection;
using System.Text;
using Microsoft.Extensions.Logging;

namespace Kameleoon.Hybrid.Architecture.Tests.Reference;

/// <summary>Writes the page of log events from the messages in the code.</summary>
internal static class LogEventPage
{
    internal static IReadOnlyList<LoggerMessageAttribute> Events { get; } =
    [
        .. Repository.Packages
            .SelectMany(static package => Assembly.LoadFrom(Repository.PathOf(package)).GetTypes())
            .SelectMany(static type => type.GetMethods(
                BindingFlags.Static | BindingFlags.Instance | BindingFlags.Public | BindingFlags.NonPublic | BindingFlags.DeclaredOnly))
            .Select(static method => method.GetCustomAttribute<LoggerMessageAttribute>())
            .OfType<LoggerMessageAttribute>()
            .OrderBy(static message => message.EventId),
    ];

    internal static string Write()
    {
        var page = new StringBuilder("""
            # Log events

            The log events of all packages, as they are written. Values in braces are structured: a log system finds events by them.
            [Operations](../operations.md#log-events) explains when the events of the library are written, and how often. Ids are
            never used twice.

            Ids from 100: the data file. From 200: visitors and consent. From 300: events. From 400: pages. From 500: connections.
            From 600: identity. From 700: listeners. From 800: Redis. From 900: the sandbox.
            From 1000: the trust in experiments.

            | Id | Level | Message |
            |---:|---|---|

            """);
        foreach (var message in Events)
        {
            page.Append("| ").Append(message.EventId).Append(" | ").Append(message.Level).Append(" | ")
                .Append(message.Message.Replace("|", "\\|", StringComparison.Ordinal).Replace("<", "\\<", StringComparison.Ordinal).Replace('\n', ' ')).Append(" |\n");
        }

        return page.ToString();
    }
}
