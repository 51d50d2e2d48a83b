namespace Kameleoon.Hybrid.Decisions;

/// <summary>The two hashes of one visitor for one rule, each computed on first use.</summary>
internal ref struct RuleHashes
{
    // Below this exposition, computing the second hash only for exposed visitors costs less than always computing both.
    private const double MinExpositionForPair = 0.5;

    private readonly CodeBlock _code;
    private readonly Rule _rule;
    private double _exposition;
    private double _variation;

    /// <param name="code">The code that is hashed, encoded.</param>
    /// <param name="rule">The rule.</param>
    /// <param name="exposition">The hash for the rule's exposition, or NaN to compute it on use.</param>
    /// <param name="variation">The hash for the variation, or NaN to compute it on use.</param>
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

    internal double GetExposition()
    {
        if (!double.IsNaN(_exposition))
        {
            return _exposition;
        }

        if (_rule.NeedsVariationHash && _rule.Exposition >= MinExpositionForPair && Sha256Pair.IsWorthwhile)
        {
            (_exposition, _variation) = HashSuffix.HashPair(_code, _rule.ExpositionSuffix, _rule.VariationSuffix);
        }
        else
        {
            _exposition = _rule.ExpositionSuffix.Hash(_code);
        }

        return _exposition;
    }

    internal double GetVariation() =>
        double.IsNaN(_variation) ? _variation = _rule.VariationSuffix.Hash(_code) : _variation;
}
