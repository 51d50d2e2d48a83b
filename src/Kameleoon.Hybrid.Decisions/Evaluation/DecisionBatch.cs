using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

namespace Kameleoon.Hybrid.Decisions;

/// <summary>Decides many flags for one visitor and computes the hashes of several flags at once.</summary>
/// <remarks>
/// A flag whose next rule needs hashes is postponed until enough hashes are collected to fill the vector lanes.
/// </remarks>
internal ref struct DecisionBatch
{
    private const int Lanes = 16;

    private readonly EvaluationContext _context;
    private readonly SharedDecision?[] _decided;
    private HashSuffixes _suffixes;
    private PendingFlags _pending;
    private int _suffixCount;
    private int _pendingCount;

    private DecisionBatch(EvaluationContext context, SharedDecision?[] decided)
    {
        _context = context;
        _decided = decided;
    }

    /// <summary>Decides all flags that have no decision yet, except those that depend on assignments.</summary>
    /// <remarks>The decision about a flag that depends on assignments may depend on the flags before it.</remarks>
    /// <param name="site">The flags.</param>
    /// <param name="visitor">The facts about the visitor.</param>
    /// <param name="decided">The decisions by flag index; null entries are filled in.</param>
    internal static void Decide(SiteFlags site, IVisitorFacts visitor, SharedDecision?[] decided)
    {
        var sharedSuffixes = site.SharedSuffixes;
        var code = new CodeBlock(stackalloc byte[Sha256Block.Size], Evaluator.GetBucketingCode(visitor));
        var shared = sharedSuffixes.Length <= Lanes ? stackalloc double[Lanes] : new double[sharedSuffixes.Length];
        shared = shared[..sharedSuffixes.Length];
        HashSuffix.HashAll(code, sharedSuffixes, shared);

        var batch = new DecisionBatch(new EvaluationContext(site, visitor, code, trace: null, shared), decided);
        foreach (var flag in site.Flags)
        {
            if (decided[flag.Index] is null && flag.DependsOn != FactDependency.Assignments)
            {
                batch.Decide(flag);
            }
        }

        batch.DecidePending();
    }

    private void Decide(FeatureFlag flag)
    {
        if (flag.BucketingIndex is not null && Evaluator.FindOwnBucketingCode(flag, _context.Visitor) is not null)
        {
            Store(flag, Evaluator.Evaluate(flag, _context.Site, _context.Visitor, trace: null));
            return;
        }

        if (!Evaluator.TryDecideWithoutRules(flag, _context.Visitor, trace: null, out var decision)
            && Evaluator.PassesHoldoutAndGroup(flag, _context, ref decision)
            && RuleEvaluator.FindNextRule(flag, 0, _context, ref decision) is >= 0 and var ruleIndex)
        {
            Postpone(flag, ruleIndex, decision);
        }
        else
        {
            Store(flag, decision);
        }
    }

    private void Postpone(FeatureFlag flag, int ruleIndex, in Decision decision)
    {
        var rule = flag.RuleTable[ruleIndex];
        var needed = (rule.NeedsExpositionHash ? 1 : 0) + (rule.NeedsVariationHash ? 1 : 0);
        if (_suffixCount + needed > Lanes || _pendingCount == Lanes)
        {
            DecidePending();
        }

        if (rule.NeedsExpositionHash)
        {
            _suffixes[_suffixCount++] = rule.ExpositionSuffix;
        }

        if (rule.NeedsVariationHash)
        {
            _suffixes[_suffixCount++] = rule.VariationSuffix;
        }

        _pending[_pendingCount++] = new PendingFlag(flag, ruleIndex, decision.Holdout);
    }

    private void DecidePending()
    {
        Span<double> hashes = stackalloc double[Lanes];
        HashSuffix.HashAll(_context.Code, ((ReadOnlySpan<HashSuffix>)_suffixes)[.._suffixCount], hashes);
        var next = 0;
        foreach (var (flag, ruleIndex, holdout) in ((ReadOnlySpan<PendingFlag>)_pending)[.._pendingCount])
        {
            var rule = flag.RuleTable[ruleIndex];
            var exposition = rule.NeedsExpositionHash ? hashes[next++] : double.NaN;
            var variation = rule.NeedsVariationHash ? hashes[next++] : double.NaN;
            var decision = new Decision(flag.Default, flag, Holdout: holdout);
            RuleEvaluator.DecideFrom(
                flag, ruleIndex, new RuleHashes(_context.Code, rule, exposition, variation), _context, ref decision);
            Store(flag, decision);
        }

        _suffixCount = 0;
        _pendingCount = 0;
    }

    private readonly void Store(FeatureFlag flag, in Decision decision) =>
        Volatile.Write(ref _decided[flag.Index], _context.Site.Share(decision));

    [StructLayout(LayoutKind.Auto)]
    private readonly record struct PendingFlag(FeatureFlag Flag, int RuleIndex, Variation? Holdout);

    [InlineArray(Lanes)]
    private struct HashSuffixes
    {
        private HashSuffix _first;
    }

    [InlineArray(Lanes)]
    private struct PendingFlags
    {
        private PendingFlag _first;
    }
}
