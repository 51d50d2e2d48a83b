using System.Globalization;

namespace Kameleoon.Hybrid.Decisions;

/// <summary>Collects the warnings about a data file, each sentence once and 100 at most.</summary>
internal sealed class Warnings
{
    private const int Max = 100;

    private readonly HashSet<string> _known = new(StringComparer.Ordinal);
    private readonly List<string> _sentences = [];
    private List<string> _ofSegment = [];
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

    /// <summary>Keeps a warning about the segment that is being read, until its flags are known.</summary>
    internal void AddToSegment(string sentence) => _ofSegment.Add(sentence);

    /// <summary>Returns and removes the warnings about the segment that was read.</summary>
    internal IReadOnlyList<string> TakeOfSegment()
    {
        if (_ofSegment.Count == 0)
        {
            return [];
        }

        (var taken, _ofSegment) = (_ofSegment, []);
        return taken;
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
