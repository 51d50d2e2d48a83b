using System.Diagnostics.Metrics;

namespace Kameleoon.Hybrid;

/// <summary>The counter of the comparisons of visitor codes. Its tags have few values.</summary>
internal sealed class IdentityMetrics(IMeterFactory meters)
{
    private readonly Counter<long> _comparisons = meters.Create(KameleoonMetrics.MeterName).CreateCounter<long>(
        "kameleoon.identity.comparisons", "{page}",
        "Pages that reported whether their engine uses the server's visitor code, by outcome, cause and repair.");

    internal void Agreed() => _comparisons.Add(1, new KeyValuePair<string, object?>("outcome", "agreed"));

    internal void Differed(string cause, string repair) =>
        _comparisons.Add(1, new("outcome", "differed"), new("cause", cause), new("repair", repair));
}
