using Microsoft.Extensions.Logging;

namespace Kameleoon.Hybrid;

// 10xx: the trust in experiments.
internal static partial class Log
{
    [LoggerMessage(1001, LogLevel.Warning, "The visitors of an experiment do not fit its weights. {Sentence}")]
    internal static partial void ExperimentMismatch(this ILogger logger, string sentence);
}
