namespace Kameleoon.Hybrid.Sandbox;

/// <summary>Collects what is wrong with one event: at most eight short sentences.</summary>
internal sealed class Violations
{
    private const int MaxSentences = 8;
    private const int MaxQuote = 60;

    private readonly List<string> _sentences = [];

    internal IReadOnlyList<string> Sentences => _sentences;

    internal bool IsEmpty => _sentences.Count == 0;

    /// <summary>The text as a sentence may show it: short, and without line breaks that forge log entries.</summary>
    internal static string Quote(ReadOnlySpan<char> text)
    {
        var shown = text.Length <= MaxQuote ? text.ToString() : $"{Cutting.Cut(text, MaxQuote)}…";
        return string.Create(shown.Length, shown, static (target, source) =>
        {
            for (var i = 0; i < target.Length; i++)
            {
                target[i] = char.IsControl(source[i]) ? ' ' : source[i];
            }
        });
    }

    internal void Add(string sentence)
    {
        if (_sentences.Count < MaxSentences)
        {
            _sentences.Add(sentence);
        }
    }
}
