namespace Kameleoon.Hybrid.Decisions;

/// <summary>Conditions or groups joined by AND and OR, evaluated in the order of the official server SDKs.</summary>
/// <remarks>
/// The order is neither left to right nor AND before OR. An AND joins only its two neighbours, and the operator after
/// them joins all that remains. <c>a AND b AND c OR d</c> is <c>(a AND b) AND (c OR d)</c>.
/// </remarks>
internal sealed class OperatorChain : TargetingNode
{
    private readonly TargetingNode[] _items;
    private readonly bool[] _orAfter;

    private OperatorChain(TargetingNode[] items, bool[] orAfter)
    {
        _items = items;
        _orAfter = orAfter;
        foreach (var item in items)
        {
            DependsOn = item.DependsOn > DependsOn ? item.DependsOn : DependsOn;
        }
    }

    internal override FactDependency DependsOn { get; }

    /// <summary>Joins nodes; one node is returned as it is, and no node matches all visitors.</summary>
    /// <param name="items">The nodes.</param>
    /// <param name="or">Whether the operator after each item is OR; a missing operator is AND.</param>
    internal static TargetingNode Join(ReadOnlySpan<TargetingNode> items, ReadOnlySpan<bool> or)
    {
        if (items is [])
        {
            return AlwaysTrue.Instance;
        }

        if (items is [var only])
        {
            return only;
        }

        var orAfter = new bool[items.Length];
        or[..Math.Min(or.Length, orAfter.Length)].CopyTo(orAfter);
        return new OperatorChain(items.ToArray(), orAfter);
    }

    internal override bool Matches(ref TargetingContext context)
    {
        var next = 0;
        while (true)
        {
            var holds = _items[next].Matches(ref context);
            if (!_orAfter[next] && next + 1 < _items.Length)
            {
                next++;
                holds = holds && _items[next].Matches(ref context);
            }

            // The remaining items are evaluated only where they decide: after a true AND or a false OR.
            if (next + 1 == _items.Length || holds == _orAfter[next])
            {
                return holds;
            }

            next++;
        }
    }
}
