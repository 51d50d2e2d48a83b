namespace Kameleoon.Hybrid.Decisions;

/// <summary>Tests that the visitor is in no other campaign.</summary>
internal sealed class ExclusiveCondition(ConditionSource source) : Condition(source)
{
    private readonly string _campaign = source.Fields.CampaignType ?? "";
    private readonly VisitScope _scope = new(source, currentVisitByDefault: false);

    internal override FactDependency DependsOn => FactDependency.Assignments;

    internal override string Expected => $"of {_campaign} {_scope}";

    internal override string? GetActual(IVisitorFacts visitor) => null;

    internal override string? GetActual(in TargetingContext context)
    {
        if (context.CampaignId is not { } campaign)
        {
            return "evaluated outside any campaign";
        }

        var since = _scope.StartFor(context.Visitor);
        var experiment = context.HasOtherAssignment(campaign, since) ? "another" : "no other";
        var personalization = context.Visitor.HasPersonalization(personalizationId: null, since) ? "a" : "no";
        return $"in {experiment} experiment and in {personalization} personalization";
    }

    protected override bool Holds(ref TargetingContext context)
    {
        // Audiences are evaluated outside any campaign.
        if (context.CampaignId is not { } campaign)
        {
            return false;
        }

        var visitor = context.Visitor;
        var since = _scope.StartFor(visitor);
        return _campaign switch
        {
            "EXPERIMENT" => !context.HasOtherAssignment(campaign, since),
            "PERSONALIZATION" => !visitor.HasPersonalization(personalizationId: null, since),
            "ANY" => !context.HasOtherAssignment(campaign, since)
                && !visitor.HasPersonalization(personalizationId: null, since),
            _ => false,
        };
    }
}
