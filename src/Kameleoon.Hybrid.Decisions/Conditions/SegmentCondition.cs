using System.Globalization;

namespace Kameleoon.Hybrid.Decisions;

/// <summary>Tests whether another segment matches the visitor.</summary>
internal sealed class SegmentCondition : Condition, IReferringCondition
{
    internal SegmentCondition(ConditionSource source, TargetingCatalogue catalogue)
        : base(source)
    {
        Segment = catalogue.FindSegment(source.Fields.SegmentId ?? 0);
        catalogue.ResolveLater(this);
    }

    internal Segment Segment { get; }

    internal override FactDependency DependsOn => FactDependency.Session;

    internal override string Expected => string.Create(CultureInfo.InvariantCulture, $"{Segment.Id}");

    internal override string? GetActual(IVisitorFacts visitor) => Segment.IsDefined ? "the segment above" : null;

    public void Resolve(TargetingCatalogue catalogue)
    {
        if (!Segment.IsDefined)
        {
            catalogue.Warnings.Add($"A condition asks for segment {Segment.Id}, which does not exist; it never holds.");
        }
    }

    protected override bool Holds(ref TargetingContext context) => Segment.IsDefined && context.MatchesNested(Segment);
}
