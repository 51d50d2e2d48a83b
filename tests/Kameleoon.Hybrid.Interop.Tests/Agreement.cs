namespace Kameleoon.Hybrid.Interop.Tests;

/// <summary>Counts decisions, and keeps the first differences in words.</summary>
internal sealed class Agreement
{
    private const int MaxDescribed = 10;

    private readonly List<string> _differences = [];

    internal int Equal { get; private set; }

    internal int Different { get; private set; }

    internal IReadOnlyList<string> Differences => _differences;

    internal bool Agrees(string official, string kernel)
    {
        var agrees = string.Equals(official, kernel, StringComparison.Ordinal);
        (Equal, Different) = agrees ? (Equal + 1, Different) : (Equal, Different + 1);
        return agrees;
    }

    internal void Describe(params ReadOnlySpan<string> lines)
    {
        if (_differences.Count < MaxDescribed)
        {
            _differences.Add(string.Join('\n', lines));
        }
    }
}
