namespace Kameleoon.Hybrid;

/// <summary>Recognises a store that answers questions but accepts no writes: a full disk, or a database that is read-only.
/// </summary>
/// <remarks>Refused writes of one or two owners concern those owners. Once three different owners were refused and no write
/// succeeded in between, the store is regarded as unavailable until one does. Safe for concurrent use.</remarks>
internal sealed class RefusedWrites
{
    private const int Limit = 3;

    private readonly Lock _gate = new();
    private readonly HashSet<string> _owners = new(StringComparer.Ordinal);

    /// <summary>Notes a failed write.</summary>
    /// <returns>Whether the store is regarded as accepting no writes.</returns>
    internal bool Add(string owner)
    {
        lock (_gate)
        {
            return _owners.Count >= Limit || (_owners.Add(owner) && _owners.Count >= Limit);
        }
    }

    /// <summary>Notes an answer of the store.</summary>
    /// <param name="isWrite">Whether the answer proves that a write succeeded.</param>
    /// <returns>Whether the store is regarded as accepting writes.</returns>
    internal bool Answered(bool isWrite)
    {
        lock (_gate)
        {
            if (isWrite)
            {
                _owners.Clear();
            }

            return _owners.Count < Limit;
        }
    }
}
