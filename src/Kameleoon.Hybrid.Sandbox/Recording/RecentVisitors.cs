namespace Kameleoon.Hybrid.Sandbox;

/// <summary>The visitors seen last, up to a limit. The visitor that was inactive longest is removed first.</summary>
internal sealed class RecentVisitors(int limit)
{
    private readonly Dictionary<string, LinkedListNode<RecordedVisitor>> _byCode = new(StringComparer.Ordinal);
    private readonly LinkedList<RecordedVisitor> _byLastSeen = [];

    internal int Count => _byCode.Count;

    /// <summary>Visitors counted since the start. A visitor that was removed and returns counts again.</summary>
    internal long TotalSeen { get; private set; }

    internal long PageViews => _byLastSeen.Sum(visitor => (long)visitor.PageViews);

    /// <summary>The visitors, the one seen last first.</summary>
    internal IEnumerable<RecordedVisitor> Latest
    {
        get
        {
            for (var node = _byLastSeen.Last; node is not null; node = node.Previous)
            {
                yield return node.Value;
            }
        }
    }

    internal RecordedVisitor? Find(string? code) => code is null ? null : _byCode.GetValueOrDefault(code)?.Value;

    internal bool Remove(string code)
    {
        if (!_byCode.Remove(code, out var node))
        {
            return false;
        }

        _byLastSeen.Remove(node);
        return true;
    }

    internal RecordedVisitor GetOrAdd(string code, DateTimeOffset now)
    {
        if (_byCode.TryGetValue(code, out var node))
        {
            _byLastSeen.Remove(node);
            node.Value.LastSeen = now;
        }
        else
        {
            node = new LinkedListNode<RecordedVisitor>(new RecordedVisitor(code, now));
            _byCode.Add(code, node);
            TotalSeen++;
        }

        _byLastSeen.AddLast(node);
        if (_byCode.Count > limit)
        {
            _byCode.Remove(_byLastSeen.First!.Value.Code);
            _byLastSeen.RemoveFirst();
        }

        return node.Value;
    }

    internal void Clear()
    {
        _byCode.Clear();
        _byLastSeen.Clear();
        TotalSeen = 0;
    }
}
