using System.Globalization;

namespace Kameleoon.Hybrid.Decisions;

/// <summary>Asks another segment, for the same visitor and campaign.</summary>
internal sealed class SegmentCondition : Condition
{
    private readonly long _id;
    private readonly Segment? _segment;

    internal SegmentCondition(ConditionDocument source, TargetingCatalogue catalogue)
        : base(source)
    {
        _id = source.Fields.SegmentId ?? 0;
        _segment = catalogue.FindSegment(_id);
        if (_segment is null)
        {
            catalogue.Warnings.Add($"A condition asks for segment {_id}, which does not exist; it never holds.");
        }
    }

    internal Segment? Segment => _segment;

    internal override Basis Basis => Basis.Session;

    internal override string Wanted => string.Create(CultureInfo.InvariantCulture, $"{_id}");

    internal override string? Found(IVisitorFacts visitor) => _segment is null ? null : "the segment above";

    protected override bool Holds(ref TargetingContext context) => _segment is not null && context.Enter(_segment);
}
