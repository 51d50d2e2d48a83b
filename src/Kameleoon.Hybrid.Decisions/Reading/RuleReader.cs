using System.Collections.Immutable;
using System.Runtime.InteropServices;

namespace Kameleoon.Hybrid.Decisions;

/// <summary>Reads the rules of a flag.</summary>
/// <remarks>Rules are created after the whole flag is read, because its variations may come after its rules.</remarks>
internal sealed class RuleReader(SegmentReader segments, VariationReaderContext source)
{
    private readonly List<RuleDraft> _rules = [];
    private readonly List<VariationShare> _exposed = [];

    /// <summary>Removes the rules of the previous flag.</summary>
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

    /// <summary>Creates the rules; called when the flag is read.</summary>
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
            if (json.NameEquals("id"u8))
            {
                rule.Id = json.ReadInt64() ?? 0;
            }
            else if (json.NameEquals("type"u8))
            {
                rule.Type = json.ReadText();
            }
            else if (json.NameEquals("segmentId"u8))
            {
                rule.SegmentId = json.ReadInt64();
            }
            else if (json.NameEquals("exposition"u8))
            {
                rule.Exposition = json.ReadNumber() ?? 0;
            }
            else if (json.NameEquals("experimentId"u8))
            {
                rule.ExperimentId = json.ReadInt64() ?? 0;
            }
            else if (json.NameEquals("respoolTime"u8))
            {
                rule.RespoolTime = json.ReadInt64();
            }
            else if (json.NameEquals("variationByExposition"u8))
            {
                rule.FirstExposed = _exposed.Count;
                VariationShare.ReadAll(ref json, _exposed);
                rule.EndExposed = _exposed.Count;
            }
            else
            {
                json.SkipMember();
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
        draft.SegmentId is { } id ? segments.Find(id) : Segment.AllVisitors,
        source.Copy(CollectionsMarshal.AsSpan(_exposed)[draft.FirstExposed..draft.EndExposed]),
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
