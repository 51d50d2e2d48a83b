namespace Kameleoon.Hybrid.Decisions.Tests;

/// <summary>Counts what is equal and keeps the first differences in words.</summary>
internal sealed class VectorScore
{
    private const int MaxDescribed = 50;

    private readonly List<string> _differences = [];

    internal int EqualDecisions { get; private set; }

    internal int DifferentDecisions { get; private set; }

    internal int EqualOthers { get; private set; }

    internal int DifferentOthers { get; private set; }

    internal IReadOnlyList<string> Differences => _differences;

    internal void Decision(string where, string expected, string actual)
    {
        if (Agree(where, expected, actual))
        {
            EqualDecisions++;
        }
        else
        {
            DifferentDecisions++;
        }
    }

    internal void Other(string where, string expected, string actual)
    {
        if (Agree(where, expected, actual))
        {
            EqualOthers++;
        }
        else
        {
            DifferentOthers++;
        }
    }

    private bool Agree(string where, string expected, string actual)
    {
        if (string.Equals(expected, actual, StringComparison.Ordinal))
        {
            return true;
        }

        if (_differences.Count < MaxDescribed)
        {
            _differences.Add($"{where}: expected {expected}, got {actual}");
        }

        return false;
    }
}
