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

    /// <summary>Forgets codes, and returns the values that stood for no other code.</summary>
    internal IReadOnlyList<string> Forget(IReadOnlySet<string> codes)
    {
        var gone = new List<string>();
        foreach (var (value, linked) in _codes)
        {
            if (linked.RemoveAll(codes.Contains) > 0 && linked.Count == 0)
            {
                gone.Add(value);
            }
        }

        gone.ForEach(value => _codes.Remove(value));
        return gone;
    }

    internal void Clear() => _codes.Clear();
}
