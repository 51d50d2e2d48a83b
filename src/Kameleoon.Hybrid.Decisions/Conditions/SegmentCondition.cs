using System.Globalization;

namespace Kameleoon.Hybrid.Decisions;

/// <summary>Asks another segment, for the same visitor and campaign.</summary>
internal sealed class SegmentCondition : Condition, IReferringCondition
{

    internal SegmentCondition(ConditionDocument source, TargetingCatalogue catalogue)
        : base(source)
    {
        Segment = catalogue.FindSegment(source.Fields.SegmentId ?? 0);
        catalogue.ResolveLater(this);
    }

    internal Segment Segment { get; }

    internal override Basis Basis => Basis.Session;

    internal override string Wanted => string.Create(CultureInfo.InvariantCulture, $"{Segment.Id}");

    internal override string? Found(IVisitorFacts visitor) => Segment.IsDefined ? "the segment above" : null;

    public void Resolve(TargetingCatalogue catalogue)
    {
        if (!Segment.IsDefined)
        {
            catalogue.Warnings.Add($"A condition asks for segment {Segment.Id}, which does not exist; it never holds.");
        }
    }

    protected override bool Holds(ref TargetingContext context) => Segment.IsDefined && context.Enter(Segment);
}
