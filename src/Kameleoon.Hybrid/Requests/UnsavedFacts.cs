using Kameleoon.Hybrid.Decisions;

namespace Kameleoon.Hybrid;

/// <summary>The facts that decisions use, with assignments that are not saved yet.</summary>
/// <inheritdoc cref="KnownFacts"/>
internal sealed class UnsavedFacts(
    string visitorCode, VisitorServices services, VisitorRecord? record, IRequestVisitor? request, Simulation? simulation,
    UnsavedDecisions unsaved)
    : KnownFacts(visitorCode, services, record, request, simulation)
{
    public override Assignment? FindAssignment(long experimentId) =>
        unsaved.Find(experimentId) ?? FindSaved(experimentId);

    public override bool HasOtherAssignment(long experimentId, DateTimeOffset since) =>
        unsaved.HasOther(experimentId, since) || HasOtherSaved(experimentId, since);
}
