using System.Runtime.InteropServices;

namespace Kameleoon.Hybrid.Decisions;

/// <summary>Reads the conditions of a segment: groups of conditions, joined by operators.</summary>
internal sealed class ConditionTreeReader(TargetingCatalogue catalogue)
{
    private readonly ConditionReader _reader = new(catalogue);
    private readonly List<TargetingNode> _groups = [];
    private readonly List<bool> _groupOperators = [];
    private readonly List<TargetingNode> _conditions = [];
    private readonly List<bool> _operators = [];
    private readonly List<Segment> _nested = [];
    private int _size;

    internal ConditionTree Read(ref JsonCursor json)
    {
        ClearGroups();
        _groupOperators.Clear();
        if (!json.EnterObject())
        {
            return ConditionTree.Empty;
        }

        while (json.NextMember())
        {
            if (json.NameEquals("firstLevel"u8))
            {
                ReadGroups(ref json);
            }
            else if (json.NameEquals("firstLevelOrOperators"u8))
            {
                ReadOperators(ref json, _groupOperators);
            }
            else
            {
                json.SkipMember();
            }
        }

        return new ConditionTree(Join(_groups, _groupOperators), _nested is [] ? [] : [.. _nested], _size);
    }

    private void ReadGroups(ref JsonCursor json)
    {
        ClearGroups();
        if (!json.EnterArray())
        {
            return;
        }

        while (json.NextElement())
        {
            if (json.IsAtObject())
            {
                _groups.Add(ReadGroup(ref json));
            }
        }
    }

    private TargetingNode ReadGroup(ref JsonCursor json)
    {
        _conditions.Clear();
        _operators.Clear();
        while (json.NextMember())
        {
            if (json.NameEquals("conditions"u8))
            {
                ReadConditions(ref json);
            }
            else if (json.NameEquals("orOperators"u8))
            {
                ReadOperators(ref json, _operators);
            }
            else
            {
                json.SkipMember();
            }
        }

        _size += _conditions.Count;
        foreach (var condition in _conditions)
        {
            if (condition is SegmentCondition nested)
            {
                _nested.Add(nested.Segment);
            }
        }

        return Join(_conditions, _operators);
    }

    private void ReadConditions(ref JsonCursor json)
    {
        _conditions.Clear();
        if (!json.EnterArray())
        {
            return;
        }

        while (json.NextElement())
        {
            if (_reader.Read(ref json) is { } condition)
            {
                _conditions.Add(condition);
            }
        }
    }

    private static void ReadOperators(ref JsonCursor json, List<bool> operators)
    {
        operators.Clear();
        if (!json.EnterArray())
        {
            return;
        }

        while (json.NextElement())
        {
            operators.Add(json.GetBoolean());
        }
    }

    private static TargetingNode Join(List<TargetingNode> items, List<bool> or) =>
        OperatorChain.Join(CollectionsMarshal.AsSpan(items), CollectionsMarshal.AsSpan(or));

    private void ClearGroups()
    {
        _groups.Clear();
        _nested.Clear();
        _size = 0;
    }
}
