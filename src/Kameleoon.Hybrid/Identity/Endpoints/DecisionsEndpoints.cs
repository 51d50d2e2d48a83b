using System.Text.Json.Nodes;
using Microsoft.AspNetCore.Http;

namespace Kameleoon.Hybrid;

/// <summary>Decides flags for the caller: for applications, and for pages that come out of a cache.</summary>
internal sealed class DecisionsEndpoints(IdentityCallers callers)
{
    private const int MaxKeys = 100;

    internal async Task PostAsync(HttpContext context)
    {
        var request = await IdentityEndpoint.ReadAsync(context, IdentityJson.Default.DecisionsRequest);
        var client = await callers.GetClientAsync(context);
        await WriteAsync(context, client, Decide(client, request.Keys, request.Track), queue: null);
    }

    /// <summary>What a page with server decisions would have got in its HTML.</summary>
    internal static Task GetAsync(HttpContext context)
    {
        var visitor = RequestVisitor.Of(context);
        var imposed = visitor.Sharing.AnswerScript();
        var keys = context.Request.Query["key"];
        var decisions = Decide(visitor.Client, keys.Count > 0 ? [.. keys.OfType<string>()] : null, track: true);
        return WriteAsync(context, visitor.Client, decisions, QueueOf(imposed, visitor.Client.TakeForEngine()));
    }

    private static List<DecisionMessage> Decide(IKameleoonClient client, IReadOnlyList<string>? keys, bool track)
    {
        if (keys is null)
        {
            return [.. client.GetVariations(track: track).Select(pair => DecisionMessage.Of(pair.Key, pair.Value))];
        }

        if (keys.Count > MaxKeys)
        {
            throw IdentityProblemException.BadRequest(
                "Too many flags.", $"Ask for at most {MaxKeys} keys; without keys all flags are decided.");
        }

        try
        {
            return [.. keys.Distinct(StringComparer.Ordinal)
                .Select(key => DecisionMessage.Of(key, client.GetVariation(key, track)))];
        }
        catch (ArgumentException e)
        {
            // The application chose to be told of keys that the data file does not have.
            throw IdentityProblemException.BadRequest("A flag cannot be decided.", e.Message);
        }
    }

    private static JsonArray QueueOf(string? imposed, ReadOnlySpan<Exposure> exposures)
    {
        var queue = new JsonArray();
        if (imposed is not null)
        {
            queue.Add((JsonNode)new JsonObject
            {
                ["level"] = "IMMEDIATE",
                ["command"] = new JsonArray("Visitor.setVisitorCode", imposed),
            });
        }

        foreach (ref readonly var exposure in exposures)
        {
            queue.Add((JsonNode)new JsonArray(
                "Experiments.assignVariation", exposure.ExperimentId, exposure.VariationId, true));
            queue.Add((JsonNode)new JsonArray("Experiments.trigger", exposure.ExperimentId, !exposure.RunsInBrowser));
        }

        return queue;
    }

    private static Task WriteAsync(
        HttpContext context, IKameleoonClient client, List<DecisionMessage> decisions, JsonArray? queue) =>
        IdentityEndpoint.WriteAsync(
            context,
            new DecisionsAnswer(client.GetVisitorCode(), decisions, queue),
            IdentityJson.Default.DecisionsAnswer);
}
