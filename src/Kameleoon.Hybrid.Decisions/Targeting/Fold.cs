namespace Kameleoon.Hybrid.Decisions;

/// <summary>Conditions or groups joined by AND and OR in the way of the official server SDKs.</summary>
/// <remarks>
/// Neither left to right nor AND before OR: an AND joins its two neighbours only, and whatever operator follows takes
/// all the rest. <c>a AND b AND c OR d</c> is <c>(a AND b) AND (c OR d)</c>.
/// </remarks>
internal sealed class Fold : TargetingNode
{
    private readonly TargetingNode[] _items;
    private readonly bool[] _orAfter;

    private Fold(TargetingNode[] items, bool[] orAfter)
    {
        _items = items;
        _orAfter = orAfter;
        foreach (var item in items)
        {
            Basis = item.Basis > Basis ? item.Basis : Basis;
        }
    }

    internal override Basis Basis { get; }

    /// <param name="items">What is joined.</param>
    /// <param name="or">Whether the operator behind each item is OR; what is missing is AND.</param>
    internal static TargetingNode Of(ReadOnlySpan<TargetingNode> items, ReadOnlySpan<bool> or)
    {
        if (items is [])
        {
            return Always.Instance;
        }

        if (items is [var only])
        {
            return only;
        }

        var orAfter = new bool[items.Length];
        or[..Math.Min(or.Length, orAfter.Length)].CopyTo(orAfter);
        return new Fold(items.ToArray(), orAfter);
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

            // The rest is asked only where it decides: behind a true AND or a false OR.
            if (next + 1 == _items.Length || holds == _orAfter[next])
            {
                return holds;
            }

            next++;
        }
    }
}
