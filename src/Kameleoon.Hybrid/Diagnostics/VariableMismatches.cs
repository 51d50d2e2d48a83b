using Kameleoon.Hybrid.Decisions;
using Microsoft.Extensions.Logging;

namespace Kameleoon.Hybrid;

/// <summary>Logs, once for each variable, that the application reads it as another type than it has.</summary>
internal sealed class VariableMismatches(ILogger<VariableMismatches> logger)
{
    private readonly LogOnce _reported = new();

    internal void Report(VariableMismatch mismatch)
    {
        var (feature, variation, variable, asked) = mismatch;
        if (_reported.IsFirst($"{feature}\n{variation}\n{variable.Key}\n{asked}"))
        {
            logger.VariableMismatch(feature, variation, variable.Key, variable.Type, asked);
        }
    }
}
