using System.Collections;

namespace Kameleoon.Hybrid;

/// <summary>The variations of the observed flags that a request has decided so far. As the state of a log scope it has the
/// variations of the moment in which a line is logged. Safe for concurrent use.</summary>
/// <param name="tags">The name of each observed flag's tag.</param>
internal sealed class ObservedVariations(string[] tags) : IReadOnlyList<KeyValuePair<string, object?>>
{
    private readonly string?[] _variations = new string?[tags.Length];

    public int Count => Decided.Count;

    private List<KeyValuePair<string, object?>> Decided
    {
        get
        {
            var decided = new List<KeyValuePair<string, object?>>(tags.Length);
            for (var place = 0; place < tags.Length; place++)
            {
                if (Volatile.Read(ref _variations[place]) is { } variation)
                {
                    decided.Add(new(tags[place], variation));
                }
            }

            return decided;
        }
    }

    public KeyValuePair<string, object?> this[int index] => Decided[index];

    /// <summary>Keeps the variation of a flag.</summary>
    /// <param name="place">The place of the flag among the tags.</param>
    /// <param name="variation">The key of the variation.</param>
    /// <param name="former">The key of the variation that it replaces, or null.</param>
    /// <returns>False when the request has this variation already.</returns>
    internal bool TrySet(int place, string variation, out string? former)
    {
        former = Interlocked.Exchange(ref _variations[place], variation);
        return !string.Equals(former, variation, StringComparison.Ordinal);
    }

    public IEnumerator<KeyValuePair<string, object?>> GetEnumerator() => Decided.GetEnumerator();

    IEnumerator IEnumerable.GetEnumerator() => GetEnumerator();

    /// <summary>For loggers that print scopes as text.</summary>
    public override string ToString() => string.Join(' ', Decided.Select(static one => $"{one.Key}:{one.Value}"));
}
