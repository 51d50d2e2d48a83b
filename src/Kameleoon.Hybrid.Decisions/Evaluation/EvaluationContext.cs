namespace Kameleoon.Hybrid.Decisions;

/// <summary>What the decisions for one visitor share: flags, facts, the encoded code and common hashes.</summary>
internal readonly ref struct EvaluationContext
{
    private readonly ReadOnlySpan<double> _shared;

    /// <param name="site">The flags of the data file and the settings that they share.</param>
    /// <param name="visitor">The facts about the visitor.</param>
    /// <param name="code">The code that is hashed, encoded.</param>
    /// <param name="trace">Records every step; null when no explanation is needed.</param>
    /// <param name="shared">The hashes for <see cref="SiteFlags.SharedSuffixes"/>; empty to compute them on
    /// use.</param>
    internal EvaluationContext(
        SiteFlags site,
        IVisitorFacts visitor,
        CodeBlock code,
        Trace? trace,
        ReadOnlySpan<double> shared = default)
    {
        Site = site;
        Visitor = visitor;
        Code = code;
        Trace = trace;
        _shared = shared;
    }

    internal SiteFlags Site { get; }

    internal IVisitorFacts Visitor { get; }

    internal CodeBlock Code { get; }

    internal Trace? Trace { get; }

    internal double Hash(Holdout holdout) => _shared.IsEmpty ? holdout.Suffix.Hash(Code) : _shared[0];

    internal double Hash(ExclusiveGroup group) =>
        _shared.IsEmpty ? group.Suffix.Hash(Code) : _shared[group.SharedHashIndex];
}
