using System.Globalization;

namespace Kameleoon.Hybrid.Decisions;

/// <summary>Collects what a data file says without effect, each thing once and no more than people read.</summary>
internal sealed class Warnings
{
    private const int Max = 100;

    private readonly HashSet<string> _known = new(StringComparer.Ordinal);
    private readonly List<string> _sentences = [];
    private int _left;

    internal void Add(string sentence)
    {
        if (_sentences.Count == Max)
        {
            _left++;
        }
        else if (_known.Add(sentence))
        {
            _sentences.Add(sentence);
        }
    }

    internal void AddAll(Warnings others)
    {
        others._sentences.ForEach(Add);
        _left += others._left;
    }

    internal IReadOnlyList<string> ToList() => _left == 0
        ? _sentences
        : [.. _sentences, string.Create(CultureInfo.InvariantCulture, $"There are {_left} more warnings.")];
}
