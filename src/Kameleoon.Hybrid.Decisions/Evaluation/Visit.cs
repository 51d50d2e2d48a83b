namespace Kameleoon.Hybrid.Decisions;

/// <summary>One visitor before the flags of a site.</summary>
internal readonly ref struct Visit
{
    private readonly ReadOnlySpan<double> _shared;

    /// <param name="site">What holds for every flag.</param>
    /// <param name="visitor">What is known of the visitor.</param>
    /// <param name="code">What is hashed.</param>
    /// <param name="trace">Notes every step, or null, which costs nothing.</param>
    /// <param name="shared">What <see cref="SharedHashes"/> lists, hashed, or empty to hash it when asked.</param>
    internal Visit(
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

    internal double Hash(Holdout holdout) => _shared.IsEmpty ? holdout.Hash.For(Code) : _shared[0];

    internal double Hash(ExclusiveGroup group) => _shared.IsEmpty ? group.Hash.For(Code) : _shared[group.Place];
}
