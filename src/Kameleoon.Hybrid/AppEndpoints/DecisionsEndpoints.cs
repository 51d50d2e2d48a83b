using System.Text.Json.Nodes;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Options;

namespace Kameleoon.Hybrid;

/// <summary>The endpoints that return flag decisions to applications and to cached pages.</summary>
internal sealed class DecisionsEndpoints(IdentityCallers callers, IOptions<KameleoonOptions> options)
{
    internal const int MaxKeyLength = 255;

    private const int MaxKeys = 100;

    private static readonly Variation Unknown = Variation.Off(DecisionReason.UnknownFlag);

    internal async Task PostAsync(HttpContext context)
    {
        var request = await IdentityEndpoint.ReadAsync(context, IdentityJson.Default.DecisionsRequest);
        var client = await callers.GetClientAsync(context);
        await WriteAsync(context, client, Decide(client, request.Keys, request.Track), queue: null);
    }

    /// <summary>Returns the decisions that a page would have in its HTML.</summary>
    internal Task GetAsync(HttpContext context)
    {
        var visitor = RequestVisitor.Of(context);
        var imposed = visitor.ImposeCodeOnScript();
        var keys = context.Request.Query["key"];
        var decisions = Decide(visitor.Client, keys.Count > 0 ? [.. keys.OfType<string>()] : null, track: true);
        return WriteAsync(context, visitor.Client, decisions, QueueOf(imposed, visitor.Client.TakeForScript()));
    }

    private List<DecisionMessage> Decide(IKameleoonClient client, IReadOnlyList<string>? keys, bool track)
    {
        if (keys is null)
        {
            return [.. client.GetVariations(track: track).Select(pair => DecisionMessage.Of(pair.Key, pair.Value))];
        }

        if (keys.Count > MaxKeys || keys.Any(static key => key is not { Length: <= MaxKeyLength }))
        {
            throw IdentityProblemException.BadRequest(
                "Too many flags, or too long ones.",
                $"Ask for at most {MaxKeys} keys of up to {MaxKeyLength} characters; without keys all flags are decided.");
        }

        // Before any is decided: a caller who is refused gets no variation.
        if (options.Value.ThrowOnUnknownFeature && keys.FirstOrDefault(key => !MayDecide(client, key)) is { } unknown)
        {
            throw IdentityProblemException.BadRequest("A flag cannot be decided.", $"The data file has no flag '{unknown}'.");
        }

        return [.. keys.Distinct(StringComparer.Ordinal).Select(key => DecisionMessage.Of(key, Decide(client, key, track)))];
    }

    // Flag keys come from callers, so an unknown one is not logged or counted as a mistake of the application. The flag's own text is
    // asked for, because a decision remembers it.
    private static Variation Decide(IKameleoonClient client, string key, bool track) => MayDecide(client, key)
        ? client.GetVariation(client.GetDataFile()?.FindFlag(key)?.Key ?? key, track)
        : Unknown;

    private static bool MayDecide(IKameleoonClient client, string key) =>
        client.GetDataFile() is not { } dataFile || dataFile.FindFlag(key) is not null;

    private static JsonArray QueueOf(string? imposed, ReadOnlySpan<ExposureEntry> entries)
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

        foreach (var entry in entries)
        {
            var exposure = entry.Exposure;
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
