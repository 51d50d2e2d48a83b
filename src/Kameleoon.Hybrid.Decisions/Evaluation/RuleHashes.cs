namespace Kameleoon.Hybrid.Decisions;

/// <summary>The two hashes of one code for one rule, taken when they are asked for.</summary>
internal ref struct RuleHashes
{
    // Where fewer of the visitors are exposed, their second hash costs less than one for everybody.
    private const double ExpositionForBoth = 0.5;

    private readonly CodeBlock _code;
    private readonly Rule _rule;
    private double _exposition;
    private double _variation;

    /// <param name="code">What is hashed.</param>
    /// <param name="rule">The rule.</param>
    /// <param name="exposition">The hash for the rule's share, or NaN when it is not known yet.</param>
    /// <param name="variation">The hash for the variation, likewise.</param>
    internal RuleHashes(
        CodeBlock code,
        Rule rule,
        double exposition = double.NaN,
        double variation = double.NaN)
    {
        _code = code;
        _rule = rule;
        _exposition = exposition;
        _variation = variation;
    }

    internal double Exposition()
    {
        if (!double.IsNaN(_exposition))
        {
            return _exposition;
        }

        if (_rule.NeedsVariationHash && _rule.Exposition >= ExpositionForBoth && Sha256Pair.IsWorthwhile)
        {
            (_exposition, _variation) = HashedId.ForBoth(_code, _rule.ExpositionHash, _rule.VariationHash);
        }
        else
        {
            _exposition = _rule.ExpositionHash.For(_code);
        }

        return _exposition;
    }

    internal double Variation() =>
        double.IsNaN(_variation) ? _variation = _rule.VariationHash.For(_code) : _variation;
}
