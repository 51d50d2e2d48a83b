namespace Kameleoon.Hybrid.Sandbox;

/// <summary>The visitor codes that a mapping identifier stands for.</summary>
internal sealed class VisitorLinks
{
    private const int MaxValues = 20_000;

    private readonly Dictionary<string, List<string>> _codes = new(StringComparer.Ordinal);

    internal void Link(string value, string code)
    {
        if (_codes.Count >= MaxValues)
        {
            _codes.Clear();
        }

        if (!_codes.TryGetValue(value, out var codes))
        {
            _codes.Add(value, codes = []);
        }

        if (!codes.Contains(code, StringComparer.Ordinal))
        {
            codes.Add(code);
        }
    }

    /// <summary>The codes of a person, in the order they were linked; the value alone when it never was.</summary>
    internal IReadOnlyList<string> CodesOf(string value) => _codes.GetValueOrDefault(value) ?? [value];

    internal void Clear() => _codes.Clear();
}
