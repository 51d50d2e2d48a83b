namespace Kameleoon.Hybrid.Sandbox;

/// <summary>The nonces received last, to recognise an event that was sent twice.</summary>
internal sealed class RecentNonces(int limit)
{
    private readonly HashSet<string> _known = new(StringComparer.OrdinalIgnoreCase);
    private readonly Queue<string> _byAge = [];

    internal bool TryAdd(string nonce)
    {
        if (!_known.Add(nonce))
        {
            return false;
        }

        _byAge.Enqueue(nonce);
        if (_byAge.Count > limit)
        {
            _known.Remove(_byAge.Dequeue());
        }

        return true;
    }

    internal void Clear()
    {
        _known.Clear();
        _byAge.Clear();
    }
}
