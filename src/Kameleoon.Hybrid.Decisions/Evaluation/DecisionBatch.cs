using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

namespace Kameleoon.Hybrid.Decisions;

/// <summary>Decides many flags for one visitor; the hashes of several are taken side by side.</summary>
internal ref struct DecisionBatch
{
    private const int Lanes = 16;

    private readonly Visit _visit;
    private readonly SharedDecision?[] _decided;
    private HashedIds _ids;
    private WaitingFlags _waiting;
    private int _idCount;
    private int _waitingCount;

    private DecisionBatch(Visit visit, SharedDecision?[] decided)
    {
        _visit = visit;
        _decided = decided;
    }

    /// <summary>Decides the flags without a decision, but for those that depend on what others are assigned.</summary>
    /// <param name="site">The flags.</param>
    /// <param name="visitor">What is known of the visitor.</param>
    /// <param name="decided">A place for each flag.</param>
    internal static void Decide(SiteFlags site, IVisitorFacts visitor, SharedDecision?[] decided)
    {
        var sharedIds = site.SharedIds;
        var code = new CodeBlock(stackalloc byte[Sha256Block.Size], Evaluator.SharedCode(visitor));
        var shared = sharedIds.Length <= Lanes ? stackalloc double[Lanes] : new double[sharedIds.Length];
        shared = shared[..sharedIds.Length];
        HashedId.ForAll(code, sharedIds, shared);

        var batch = new DecisionBatch(new Visit(site, visitor, code, trace: null, shared), decided);
        foreach (var flag in site.Flags)
        {
            if (decided[flag.Index] is null && flag.Basis != Basis.Assignments)
            {
                batch.Begin(flag);
            }
        }

        batch.FinishAll();
    }

    private void Begin(FeatureFlag flag)
    {
        if (flag.BucketingIndex is not null && Evaluator.OwnCode(flag, _visit.Visitor) is not null)
        {
            Keep(flag, Evaluator.Evaluate(flag, _visit.Site, _visit.Visitor, trace: null));
            return;
        }

        if (!Evaluator.IsSettled(flag, _visit.Visitor, trace: null, out var decision)
            && Evaluator.Enters(flag, _visit, ref decision)
            && RuleSteps.Reach(flag, 0, _visit, ref decision) is >= 0 and var reached)
        {
            Wait(flag, reached, decision);
        }
        else
        {
            Keep(flag, decision);
        }
    }

    private void Wait(FeatureFlag flag, int reached, in Decision decision)
    {
        var rule = flag.RuleTable[reached];
        var needed = (rule.NeedsExpositionHash ? 1 : 0) + (rule.NeedsVariationHash ? 1 : 0);
        if (_idCount + needed > Lanes || _waitingCount == Lanes)
        {
            FinishAll();
        }

        if (rule.NeedsExpositionHash)
        {
            _ids[_idCount++] = rule.ExpositionHash;
        }

        if (rule.NeedsVariationHash)
        {
            _ids[_idCount++] = rule.VariationHash;
        }

        _waiting[_waitingCount++] = new WaitingFlag(flag, reached, decision.Holdout);
    }

    private void FinishAll()
    {
        Span<double> hashes = stackalloc double[Lanes];
        HashedId.ForAll(_visit.Code, ((ReadOnlySpan<HashedId>)_ids)[.._idCount], hashes);
        var next = 0;
        foreach (var (flag, reached, holdout) in ((ReadOnlySpan<WaitingFlag>)_waiting)[.._waitingCount])
        {
            var rule = flag.RuleTable[reached];
            var exposition = rule.NeedsExpositionHash ? hashes[next++] : double.NaN;
            var variation = rule.NeedsVariationHash ? hashes[next++] : double.NaN;
            var decision = new Decision(flag.Default, flag, Holdout: holdout);
            RuleSteps.Finish(
                flag, reached, new RuleHashes(_visit.Code, rule, exposition, variation), _visit, ref decision);
            Keep(flag, decision);
        }

        _idCount = 0;
        _waitingCount = 0;
    }

    private readonly void Keep(FeatureFlag flag, in Decision decision) =>
        Volatile.Write(ref _decided[flag.Index], _visit.Site.Share(decision));

    [StructLayout(LayoutKind.Auto)]
    private readonly record struct WaitingFlag(FeatureFlag Flag, int Reached, Variation? Holdout);

    [InlineArray(Lanes)]
    private struct HashedIds
    {
        private HashedId _first;
    }

    [InlineArray(Lanes)]
    private struct WaitingFlags
    {
        private WaitingFlag _first;
    }
}
