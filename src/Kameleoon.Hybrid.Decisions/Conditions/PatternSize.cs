using System.Buffers;

namespace Kameleoon.Hybrid.Decisions;

/// <summary>Counts the parts of a regular expression with its counted repetitions written out: <c>(ab){3}</c> has 6.</summary>
/// <remarks>The work of matching is at most proportional to this size times the length of the text, for an engine that does
/// not backtrack. The pattern must be valid.</remarks>
internal ref struct PatternSize
{
    private const long Most = int.MaxValue;

    private static readonly SearchValues<char> CountCharacters = SearchValues.Create("0123456789,");

    private readonly ReadOnlySpan<char> _pattern;
    private readonly Stack<long> _outer = new();
    private int _place;
    private long _total;
    private long _last;

    private PatternSize(ReadOnlySpan<char> pattern) => _pattern = pattern;

    /// <summary>Returns the size of a valid pattern, at most <see cref="int.MaxValue"/>.</summary>
    internal static int Of(string pattern)
    {
        var counter = new PatternSize(pattern);
        while (counter._place < pattern.Length)
        {
            counter.ReadNext();
        }

        return (int)counter._total;
    }

    private void ReadNext()
    {
        switch (_pattern[_place++])
        {
            case '\\':
                ReadEscape();
                break;
            case '[':
                SkipClass();
                Add(1);
                break;
            case '(':
                _outer.Push(_total);
                _total = 0;
                SkipGroupStart();
                break;
            case ')':
                (_last, _total) = (_total, _outer.TryPop(out var before) ? Math.Min(before + _total, Most) : _total);
                break;
            case '{' when TryReadCount(out var count):
                Repeat(count);
                break;
            case '|':
                _last = 0;
                break;
            default:
                Add(1);
                break;
        }
    }

    private void Add(long size) => (_last, _total) = (size, Math.Min(_total + size, Most));

    private void Repeat(long count)
    {
        var repeated = Math.Min(_last * Math.Max(count, 1), Most);
        (_last, _total) = (repeated, Math.Min(_total - _last + repeated, Most));
    }

    private void ReadEscape()
    {
        var isCategory = _place < _pattern.Length && _pattern[_place] is 'p' or 'P';
        _place++;
        if (isCategory && _pattern[Math.Min(_place, _pattern.Length)..].IndexOf('}') is var end and >= 0)
        {
            _place += end + 1;
        }

        Add(1);
    }

    // A bracket that comes first in a class is a character of it, and a class may end with another one that it excludes.
    private void SkipClass()
    {
        var depth = 1;
        var first = _place < _pattern.Length && _pattern[_place] == '^' ? _place + 1 : _place;
        for (; _place < _pattern.Length && depth > 0; _place++)
        {
            switch (_pattern[_place])
            {
                case '\\':
                    _place++;
                    break;
                case '[' when _place > first && _pattern[_place - 1] == '-':
                    depth++;
                    first = _place + 1;
                    break;
                case ']' when _place > first:
                    depth--;
                    break;
            }
        }
    }

    private void SkipGroupStart()
    {
        var rest = _pattern[_place..];
        if (rest is ['?', '<', not ('=' or '!'), ..] or ['?', '\'', ..])
        {
            var end = rest[2..].IndexOfAny('>', '\'');
            _place += end < 0 ? rest.Length : end + 3;
        }
        else if (rest is ['?', ..])
        {
            var start = rest[1..].IndexOfAny(":=!>)");
            _place += start < 0 ? rest.Length : start + (rest[1 + start] == ')' ? 1 : 2);
        }
    }

    private bool TryReadCount(out long count)
    {
        count = 0;
        var end = _pattern[_place..].IndexOf('}');
        var text = end < 0 ? default : _pattern.Slice(_place, end);
        if (text.IsEmpty || text.ContainsAnyExcept(CountCharacters) || text[0] == ',' || text.Count(',') > 1)
        {
            return false;
        }

        foreach (var part in text.Split(','))
        {
            count = Math.Max(count, text[part].IsEmpty ? 0 : ReadNumber(text[part]));
        }

        _place += end + 1;
        return true;
    }

    private static long ReadNumber(ReadOnlySpan<char> digits)
    {
        var number = 0L;
        foreach (var digit in digits)
        {
            number = Math.Min((number * 10) + (digit - '0'), Most);
        }

        return number;
    }
}
