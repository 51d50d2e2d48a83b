using Microsoft.Extensions.Logging;

namespace Kameleoon.Hybrid;

// 10xx: the trust in experiments.
internal static partial class Log
{
    [LoggerMessage(1001, LogLevel.Warning, "The visitors of an experiment do not fit its weights. {Sentence}")]
    internal static partial void ExperimentMismatch(this ILogger logger, string sentence);

    [LoggerMessage(1010, LogLevel.Warning, "{Sentence} Logged once for each cause.")]
    internal static partial void VisitorCodesDiffer(this ILogger logger, string sentence);

    [LoggerMessage(1011, LogLevel.Warning, "New visitors do not get a variation any more. {Sentence}")]
    internal static partial void VariationWithheld(this ILogger logger, string sentence);

    [LoggerMessage(1021, LogLevel.Warning,
        "The counts of experiments cannot be exchanged with other servers. This server counts by itself until they can.")]
    internal static partial void ExperimentFeedUnavailable(this ILogger logger, Exception exception);

    [LoggerMessage(1022, LogLevel.Information, "The counts of experiments are exchanged with other servers again.")]
    internal static partial void ExperimentFeedRecovered(this ILogger logger);

    [LoggerMessage(1012, LogLevel.Information, "New visitors get a variation again. {Sentence}")]
    internal static partial void VariationTried(this ILogger logger, string sentence);
}
