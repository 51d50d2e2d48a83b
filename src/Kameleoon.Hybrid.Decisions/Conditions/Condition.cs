namespace Kameleoon.Hybrid.Decisions;

/// <summary>A condition of a segment, which tests one fact about a visitor.</summary>
internal abstract class Condition(ConditionSource source) : TargetingNode
{
    internal string Type { get; } = source.TargetingType ?? "(no type)";

    /// <summary>
    /// False inverts the condition: it then matches visitors for whom the fact is different or unknown.
    /// </summary>
    internal bool IsIncluded { get; } = source.Fields.IsInclude ?? true;

    /// <summary>The expected value as text, for explanations.</summary>
    internal abstract string Expected { get; }

    /// <summary>The actual value as text, for explanations; null when unknown.</summary>
    internal abstract string? GetActual(IVisitorFacts visitor);

    /// <summary>The actual value, including what the current decision adds.</summary>
    internal virtual string? GetActual(in TargetingContext context) => GetActual(context.Visitor);

    internal sealed override bool Matches(ref TargetingContext context)
    {
        var matches = Holds(ref context) == IsIncluded;
        context.Trace?.Condition(Describe(context), context.Depth, matches);
        return matches;
    }

    /// <summary>Whether the condition is met, before <see cref="IsIncluded"/> is applied.</summary>
    protected abstract bool Holds(ref TargetingContext context);

    private string Describe(in TargetingContext context)
    {
        var found = GetActual(context) is { } fact ? $"it is {fact}" : "nothing is known";
        return $"{(IsIncluded ? Type : $"{Type} (excluded)")} {Expected}: {found}";
    }
}
