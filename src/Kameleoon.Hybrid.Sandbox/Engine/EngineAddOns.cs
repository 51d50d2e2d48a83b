using System.Text;

namespace Kameleoon.Hybrid.Sandbox;

/// <summary>Chooses the add-ons of the engine that a project uses, and writes them into the configuration literal.</summary>
internal static class EngineAddOns
{
    private static readonly string[] NeedyConditions = ["VISITOR_IP", "GEOLOCATION", "AD_BLOCKER", "MOUSE_OUT"];

    private static readonly (string Name, Func<EngineConfiguration, bool> IsUsed, byte[] Code)[] All =
    [
        Of("cross-domain", static whole => whole.CrossDomains.Count > 0),
        Of("live-update", static whole => whole.LiveUpdate || EngineCampaigns.HasLive(whole)),
        Of("opportunities", static whole => whole.Opportunities),
        Of("recommendations", static whole => whole.Recommendations),
        Of("server-cookie", static whole => whole.SyncUrl is not null),
        Of("needs", UsesNeeds),
    ];

    /// <summary>Returns the literal with the add-ons of the whole configuration as its last member.</summary>
    internal static byte[] Into(byte[] literal, EngineConfiguration whole)
    {
        var used = All.Where(addOn => addOn.IsUsed(whole)).ToList();
        if (used.Count == 0)
        {
            return literal;
        }

        var members = used.SelectMany((addOn, index) =>
            Encoding.UTF8.GetBytes($"{(index > 0 ? "," : "")}\"{addOn.Name}\":").Concat(addOn.Code));
        return [.. literal.AsSpan(..^1), .. ",\"addOns\":{"u8, .. members, .. "}}"u8];
    }

    // Segments that arrive with another file may need more than those of a cached engine.
    private static bool BringsSegments(EngineConfiguration whole) =>
        whole.LiveUpdate || EngineCampaigns.HasLive(whole) || whole.Opportunities;

    private static bool UsesNeeds(EngineConfiguration whole)
    {
        var trees = whole.Segments.Concat(whole.Triggers).Select(segment => segment.ConditionsData)
            .Concat(whole.Personalizations.Select(one => one.Scenario));
        return whole.Needs is not null || BringsSegments(whole) || trees.Any(tree => tree is { } conditions && NeedyConditions.Any(type =>
            conditions.GetRawText().Contains($"\"{type}\"", StringComparison.Ordinal)));
    }

    private static (string Name, Func<EngineConfiguration, bool> IsUsed, byte[] Code) Of(
        string name, Func<EngineConfiguration, bool> isUsed) => (name, isUsed, EmbeddedFile.Read($"add-on-{name}.js"));
}
