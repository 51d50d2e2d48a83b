using Kameleoon.Hybrid.Decisions;
using Microsoft.Extensions.Logging;

namespace Kameleoon.Hybrid;

/// <summary>Says once of each variable that somebody reads it as what it is not, whatever data file it is in.</summary>
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
