using Kameleoon.Hybrid.Decisions;

namespace Kameleoon.Hybrid;

/// <summary>The facts that decisions use, with the assignments that are saved.</summary>
/// <inheritdoc cref="KnownFacts"/>
internal sealed class VisitorFacts(
    string visitorCode, VisitorServices services, VisitorRecord? record, IRequestVisitor? request, Simulation? simulation)
    : KnownFacts(visitorCode, services, record, request, simulation)
{
    public override Assignment? FindAssignment(long experimentId) => FindSaved(experimentId);

    public override bool HasOtherAssignment(long experimentId, DateTimeOffset since) => HasOtherSaved(experimentId, since);
}
