namespace Kameleoon.Hybrid.Decisions;

/// <summary>Asks that no other campaign has the visitor.</summary>
internal sealed class ExclusiveCondition(ConditionDocument source) : Condition(source)
{
    private readonly string _campaign = source.Fields.CampaignType ?? "";
    private readonly VisitScope _scope = new(source, currentVisitByDefault: false);

    internal override Basis Basis => Basis.Assignments;

    internal override string Wanted => $"of {_campaign} {_scope}";

    internal override string? Found(IVisitorFacts visitor) => null;

    internal override string? Found(in TargetingContext context)
    {
        if (context.CampaignId is not { } campaign)
        {
            return "asked outside any campaign";
        }

        var since = _scope.Since(context.Visitor);
        var experiment = context.HasOtherAssignment(campaign, since) ? "another" : "no other";
        var personalization = context.Visitor.HasPersonalization(personalizationId: null, since) ? "a" : "no";
        return $"in {experiment} experiment and in {personalization} personalization";
    }

    protected override bool Holds(ref TargetingContext context)
    {
        // The audiences of a site are asked for outside any campaign.
        if (context.CampaignId is not { } campaign)
        {
            return false;
        }

        var visitor = context.Visitor;
        var since = _scope.Since(visitor);
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
