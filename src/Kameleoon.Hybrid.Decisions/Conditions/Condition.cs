namespace Kameleoon.Hybrid.Decisions;

/// <summary>One question about a visitor, compiled from the data file.</summary>
internal abstract class Condition(ConditionDocument source) : TargetingNode
{
    internal string Type { get; } = source.TargetingType ?? "(no type)";

    /// <summary>False asks for visitors for whom the condition does not hold, those not known included.</summary>
    internal bool IsIncluded { get; } = source.Fields.IsInclude ?? true;

    /// <summary>What the condition asks for, in words.</summary>
    internal abstract string Wanted { get; }

    /// <summary>What is known of the visitor about that, in words, or null for nothing.</summary>
    internal abstract string? Found(IVisitorFacts visitor);

    /// <summary>The same, with what the decision under way adds to it.</summary>
    internal virtual string? Found(in TargetingContext context) => Found(context.Visitor);

    internal sealed override bool Matches(ref TargetingContext context)
    {
        var matches = Holds(ref context) == IsIncluded;
        context.Trace?.Condition(Describe(context), context.Depth, matches);
        return matches;
    }

    /// <summary>Whether the condition holds, before an exclusion turns it round.</summary>
    protected abstract bool Holds(ref TargetingContext context);

    private string Describe(in TargetingContext context)
    {
        var found = Found(context) is { } fact ? $"it is {fact}" : "nothing is known";
        return $"{(IsIncluded ? Type : $"{Type} (excluded)")} {Wanted}: {found}";
    }
}
