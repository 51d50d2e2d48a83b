namespace Kameleoon.Hybrid.Interop.Tests;

/// <summary>What a random site is about, so that no site mixes what the official SDKs treat differently.</summary>
/// <param name="LinksDevices">Custom data tell that codes belong to one person.</param>
/// <param name="LoadsVisits">Every visitor comes with earlier visits and a viewed page.</param>
/// <param name="RemembersAssignments">Conditions ask for earlier assignments.</param>
/// <param name="SteersVisitors">Variations are forced and simulated, consent is given and refused.</param>
/// <param name="LacksIds">Some variations have no id.</param>
/// <param name="HasHoldout">Some visitors are held out of all experiments.</param>
internal sealed record SiteTraits(
    bool LinksDevices,
    bool LoadsVisits,
    bool RemembersAssignments,
    bool SteersVisitors,
    bool LacksIds,
    bool HasHoldout)
{
    internal static SiteTraits Throw(Dice dice)
    {
        var holdout = dice.Percent(30);

        // The core shares what is known of a person among codes, but not assignments, consent, forced variations;
        // and it adds visits up that are loaded twice, where the others replace them.
        if (dice.Percent(15))
        {
            return new SiteTraits(true, false, false, false, dice.Percent(20), holdout);
        }

        // The core takes a visitor without visits or pages for neither new nor returning, and fails VISITS, PAGE_VIEWS.
        var visits = dice.Percent(40);
        var assignments = dice.Percent(50);
        var steers = dice.Percent(50);

        // It remembers an assignment without an id, which others do not, and does not force such a variation.
        var lacksIds = !assignments && !steers && dice.Percent(40);
        return new SiteTraits(false, visits, assignments, steers, lacksIds, holdout);
    }
}
