namespace Kameleoon.Hybrid;

/// <summary>A bounded first-in, first-out list of links that wait to be written, without duplicates. Safe for concurrent
/// use.</summary>
internal sealed class WaitingLinks
{
    internal const int Capacity = 10_000;

    /// <summary>How many links of one user can wait, so that one user cannot fill the list.</summary>
    internal const int MaxOfUser = 20;

    private readonly Lock _gate = new();
    private readonly LinkedList<WaitingLink> _order = new();
    private readonly Dictionary<string, List<LinkedListNode<WaitingLink>>> _ofUsers = new(StringComparer.Ordinal);

    internal int Count
    {
        get
        {
            lock (_gate)
            {
                return _order.Count;
            }
        }
    }

    /// <summary>Adds a link at the end, unless it waits already.</summary>
    /// <returns>False when the list is full.</returns>
    internal bool TryAdd(string userId, string code)
    {
        lock (_gate)
        {
            var ofUser = _ofUsers.GetValueOrDefault(userId);
            if (ofUser?.Exists(node => string.Equals(node.Value.Code, code, StringComparison.Ordinal)) == true)
            {
                return true;
            }

            if (_order.Count == Capacity || ofUser?.Count == MaxOfUser)
            {
                return false;
            }

            if (ofUser is null)
            {
                _ofUsers.Add(userId, ofUser = []);
            }

            ofUser.Add(_order.AddLast(new WaitingLink(userId, code)));
            return true;
        }
    }

    /// <summary>Returns the first link without removing it, or null.</summary>
    internal LinkedListNode<WaitingLink>? Peek()
    {
        lock (_gate)
        {
            return _order.First;
        }
    }

    internal void Remove(LinkedListNode<WaitingLink> node)
    {
        lock (_gate)
        {
            if (node.List is null)
            {
                return;
            }

            _order.Remove(node);
            var ofUser = _ofUsers[node.Value.UserId];
            ofUser.Remove(node);
            if (ofUser.Count == 0)
            {
                _ofUsers.Remove(node.Value.UserId);
            }
        }
    }

    /// <summary>Moves a link to the end of the list.</summary>
    internal void MoveToEnd(LinkedListNode<WaitingLink> node)
    {
        lock (_gate)
        {
            if (node.List is not null)
            {
                _order.Remove(node);
                _order.AddLast(node);
            }
        }
    }

    internal void RemoveOf(string userId)
    {
        lock (_gate)
        {
            if (_ofUsers.Remove(userId, out var ofUser))
            {
                ofUser.ForEach(_order.Remove);
            }
        }
    }
}

/// <summary>A link that waits to be written.</summary>
/// <param name="userId">The user.</param>
/// <param name="code">The code to link.</param>
internal sealed class WaitingLink(string userId, string code)
{
    internal string UserId => userId;

    internal string Code => code;

    /// <summary>How often the store refused this link while it answered other calls.</summary>
    internal int Refusals { get; set; }
}
