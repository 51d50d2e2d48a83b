using System.Collections.Concurrent;
using Microsoft.AspNetCore.Routing;

namespace Kameleoon.Hybrid.EntityFrameworkCore.Tests;

/// <summary>What the servers of a walk answer, and what they decided.</summary>
internal sealed class WalkShop
{
    internal const int Flags = 40;
    internal const string Path = "/kameleoon/test/";

    private readonly ConcurrentQueue<WalkDecision> _decisions = new();

    /// <summary>Returns what was decided since the last call.</summary>
    internal IReadOnlyList<WalkDecision> TakeDecisions()
    {
        var taken = new List<WalkDecision>();
        while (_decisions.TryDequeue(out var decision))
        {
            taken.Add(decision);
        }

        return taken;
    }

    internal void Map(RouteGroupBuilder group)
    {
        var test = group.AllowAnonymous().MapGroup("test");
        test.MapMethods("step/{flag:int}", ["GET", "POST", "HEAD"], AnswerAsync);
        test.MapMethods("page", ["GET", "POST", "HEAD"], static (HttpContext context) => ToPage(context));
        test.MapGet("plan", static (IKameleoonClient kameleoon) => kameleoon.GetVariation("gold", track: false).Key);
        test.MapPost("plan", static (IKameleoonClient kameleoon, string name) => kameleoon.AddData(new CustomData("plan", name)));
        test.MapPost("consent", static (IKameleoonClient kameleoon, bool given) => kameleoon.SetLegalConsent(given));
        test.MapPost("buy", static (IKameleoonClient kameleoon, int order) =>
            kameleoon.TrackConversion(1, order.ToString(System.Globalization.CultureInfo.InvariantCulture), order));
    }

    private static IResult ToPage(HttpContext context) => Results.Content(Hybrid.Tests.Pages.Tracking(context), "text/html");

    private async Task AnswerAsync(int flag, string answer, HttpContext context, IKameleoonClient kameleoon)
    {
        var variation = kameleoon.GetVariation($"flag{flag}");
        _decisions.Enqueue(new(kameleoon.GetVisitorCode(), flag, variation.Key, variation.Reason));
        await (answer switch
        {
            "page" => ToPage(context),
            "html" => Results.Content("<p>no tag</p>", "text/html"),
            "json" => Results.Json(variation.Key),
            "redirect" => Results.Redirect(Path + "page"),
            "missing" => Results.NotFound(),
            _ => throw new InvalidOperationException("On purpose."),
        }).ExecuteAsync(context);
    }

    /// <summary>The data file.</summary>
    internal static string DataFile(WalkRow row)
    {
        var person = row.HasMapping ? ", { \"id\": 407, \"index\": 7, \"name\": \"person\", \"isMappingIdentifier\": true }" : "";
        return $$"""
            {
              "configuration": { "consentType": "{{(row.RequiresConsent ? "REQUIRED" : "NOT_REQUIRED")}}" },
              "customData": [{ "id": 403, "index": 3, "name": "plan" }{{person}}],
              "segments": [{ "id": 41, "conditionsData": { "firstLevel": [{ "conditions": [
                { "targetingType": "CUSTOM_DATUM", "customDataIndex": "3", "value": "gold", "valueMatchType": "EXACT" }] }] } }],
              "featureFlags": [{{string.Join(',', Enumerable.Range(0, Flags).Select(Flag))}}, {
                "id": 99, "featureKey": "gold", "environmentEnabled": true, "defaultVariationKey": "off",
                "variations": [{ "key": "off" }, { "key": "on" }],
                "rules": [{ "id": 199, "type": "EXPERIMENTATION", "exposition": 1, "experimentId": 7999, "segmentId": 41,
                  "variationByExposition": [{ "variationKey": "on", "variationId": 81999, "exposition": 1 }] }] }]
            }
            """;
    }

    // Visitors in halves.
    private static string Flag(int number) => $$"""
        {
          "id": {{number + 1}}, "featureKey": "flag{{number}}", "environmentEnabled": true, "defaultVariationKey": "off",
          "variations": [{ "key": "off" }, { "key": "a" }, { "key": "b" }],
          "rules": [{ "id": {{number + 101}}, "type": "EXPERIMENTATION", "exposition": 1, "experimentId": {{number + 7001}},
            "variationByExposition": [
              { "variationKey": "a", "variationId": {{((number + 100) * 10) + 1}}, "exposition": 0.5 },
              { "variationKey": "b", "variationId": {{((number + 100) * 10) + 2}}, "exposition": 0.5 }] }]
        }
        """;
}
