using System.Globalization;

namespace Kameleoon.Hybrid.Decisions;

/// <summary>Collects the warnings about a data file, each sentence once and 100 at most.</summary>
internal sealed class Warnings
{
    private const int Max = 100;

    private readonly HashSet<string> _known = new(StringComparer.Ordinal);
    private readonly List<string> _sentences = [];
    private int _omitted;

    internal void Add(string sentence)
    {
        if (_sentences.Count == Max)
        {
            _omitted++;
        }
        else if (_known.Add(sentence))
        {
            _sentences.Add(sentence);
        }
    }

    internal void AddAll(Warnings others)
    {
        others._sentences.ForEach(Add);
        _omitted += others._omitted;
    }

    internal IReadOnlyList<string> ToList() => _omitted == 0
        ? _sentences
        : [.. _sentences, string.Create(CultureInfo.InvariantCulture, $"There are {_omitted} more warnings.")];
}
