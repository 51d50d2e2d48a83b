using System.Collections.Immutable;
using System.Runtime.InteropServices;

namespace Kameleoon.Hybrid.Decisions;

/// <summary>Reads the rules of a flag, whose variations may stand behind them.</summary>
internal sealed class RuleReader(SegmentReader segments, VariationSource source)
{
    private readonly List<RuleDraft> _rules = [];
    private readonly List<ExposedDraft> _exposed = [];

    /// <summary>Forgets the rules read last.</summary>
    internal void Clear()
    {
        _rules.Clear();
        _exposed.Clear();
    }

    internal void Read(ref JsonCursor json)
    {
        Clear();
        if (!json.EnterArray())
        {
            return;
        }

        while (json.NextElement())
        {
            if (json.IsAtObject())
            {
                _rules.Add(ReadRule(ref json));
            }
        }
    }

    /// <summary>Hands the rules out, now that the flag is read.</summary>
    internal ImmutableArray<Rule> Build(VariationCatalogue variations)
    {
        var rules = new Rule[_rules.Count];
        for (var i = 0; i < rules.Length; i++)
        {
            rules[i] = Build(_rules[i], variations);
        }

        return ImmutableCollectionsMarshal.AsImmutableArray(rules);
    }

    private RuleDraft ReadRule(ref JsonCursor json)
    {
        var rule = new RuleDraft();
        while (json.NextMember())
        {
            if (json.Is("id"u8))
            {
                rule.Id = json.Int64() ?? 0;
            }
            else if (json.Is("type"u8))
            {
                rule.Type = json.Text();
            }
            else if (json.Is("segmentId"u8))
            {
                rule.SegmentId = json.Int64();
            }
            else if (json.Is("exposition"u8))
            {
                rule.Exposition = json.Number() ?? 0;
            }
            else if (json.Is("experimentId"u8))
            {
                rule.ExperimentId = json.Int64() ?? 0;
            }
            else if (json.Is("respoolTime"u8))
            {
                rule.RespoolTime = json.Int64();
            }
            else if (json.Is("variationByExposition"u8))
            {
                rule.FirstExposed = _exposed.Count;
                ExposedDraft.ReadAll(ref json, _exposed);
                rule.EndExposed = _exposed.Count;
            }
            else
            {
                json.Ignore();
            }
        }

        return rule;
    }

    private Rule Build(in RuleDraft draft, VariationCatalogue variations) => new(
        draft.Id,
        draft.ExperimentId,
        draft.Type ?? "",
        draft.Exposition,
        draft.RespoolTime ?? 0,
        draft.SegmentId is { } id ? segments.Find(id) : Segment.Everybody,
        source.Keep(CollectionsMarshal.AsSpan(_exposed)[draft.FirstExposed..draft.EndExposed]),
        variations);

    [StructLayout(LayoutKind.Auto)]
    private record struct RuleDraft(
        long Id,
        string? Type,
        long? SegmentId,
        double Exposition,
        long ExperimentId,
        long? RespoolTime,
        int FirstExposed,
        int EndExposed);
}
