using System.Text.Json;
using System.Text.Json.Serialization.Metadata;

namespace Kameleoon.Hybrid.Sandbox;

/// <summary>Builds the engine's configuration from a project.</summary>
internal static class EngineConfigurationBuilder
{
    // What the project says by name, and the configuration by number.
    private static readonly HashSet<string> Named =
        new(StringComparer.Ordinal) { "comment", "id", "name", "segment", "goals", "variations", "weight" };

    // On the platform one setting of the site applies to servers and to the engine.
    private static readonly EngineConsent ConsentOfSite = new(AbTesting: "REQUIRED", Personalization: "REQUIRED");

    /// <param name="project">The project, or null for a data file of the platform.</param>
    /// <param name="catalog">The experiments of both.</param>
    /// <param name="dataFile">The data file.</param>
    /// <param name="consentRequired">Whether the data file requires consent. The project's own consent for the engine takes
    /// precedence.</param>
    /// <exception cref="ProjectException">The engine cannot read a part of it.</exception>
    internal static EngineConfiguration Of(Project? project, ExperimentCatalog catalog, byte[] dataFile, bool consentRequired)
    {
        var consent = consentRequired ? ConsentOfSite : null;
        var code = FlagVariationCode.Of(dataFile);
        var reported = catalog.Experiments
            .Where(experiment => experiment.Kind != CampaignKind.Web)
            .Select(experiment => code.Into(EngineExperiment.Of(experiment)));
        if (project is null)
        {
            return new EngineConfiguration { Consent = consent, Experiments = [.. reported] };
        }

        var settings = project.Engine.Settings is { } written
            ? Read(written, json => written.WriteTo(json), CompilationJson.Default.EngineConfiguration)
            : new EngineConfiguration();
        var rules = project.Flags.SelectMany(flag => flag.Rules).ToLookup(rule => rule.ExperimentId);
        return settings with
        {
            Consent = settings.Consent ?? consent,
            Goals = [.. project.Goals.Select(Goal)],
            CustomData =
            [
                .. project.CustomData.Select(slot =>
                    new EngineCustomDatum(slot.Index, slot.Name, slot.Type, slot.Scope, slot.Mapping, slot.LocalOnly)),
            ],
            Segments = Segments(project, dataFile),
            Experiments =
            [
                .. reported.Select(one => rules[one.Id].FirstOrDefault() is { } rule
                    ? one with { Goals = Ids(rule.Goals, project), Integrations = rule.Integrations }
                    : one),
                .. project.Engine.Experiments.Select(campaign => Read(
                    campaign.Source,
                    json => Campaign(json, campaign, project, "web"),
                    CompilationJson.Default.EngineExperiment)),
            ],
            Personalizations =
            [
                .. project.Engine.Personalizations.Select(campaign => Read(
                    campaign.Source,
                    json => Campaign(json, campaign, project, kind: null),
                    CompilationJson.Default.EnginePersonalization)),
            ],
            Integrations = project.Engine.Integrations.ToDictionary(
                entry => entry.Key, entry => new EngineScript(entry.Value), StringComparer.Ordinal),
        };
    }

    private static EngineGoal Goal(ProjectGoal goal) => Read(
        goal.Source,
        json =>
        {
            json.WriteStartObject();
            json.WriteNumber("id", goal.Id);
            json.WriteString("name", goal.Name);
            Rest(json, goal.Source);
            json.WriteEndObject();
        },
        CompilationJson.Default.EngineGoal);

    private static List<EngineSegment> Segments(Project project, byte[] dataFile)
    {
        using var document = JsonDocument.Parse(dataFile);
        var trees = document.RootElement.GetProperty("segments").EnumerateArray().ToDictionary(
            segment => segment.GetProperty("id").GetInt64(), segment => segment.GetProperty("conditionsData").Clone());
        return
        [
            .. project.Segments.Select(segment => new EngineSegment(
                segment.Id,
                segment.Key,
                trees[segment.Id],
                segment.Created?.ToUnixTimeMilliseconds(),
                segment.Changed?.ToUnixTimeMilliseconds())),
        ];
    }

    private static void Campaign(Utf8JsonWriter json, ProjectCampaign campaign, Project project, string? kind)
    {
        json.WriteStartObject();
        json.WriteNumber("id", campaign.Id);
        json.WriteString("name", campaign.Name);
        if (kind is not null && campaign.Source.Find("kind") is null)
        {
            json.WriteString("kind", kind);
        }

        if (campaign.SegmentId is { } segment)
        {
            json.WriteNumber("segmentId", segment);
        }

        json.WriteStartArray("goals");
        foreach (var goal in Ids(campaign.Goals, project))
        {
            json.WriteNumberValue(goal);
        }

        json.WriteEndArray();
        if (kind is not null)
        {
            json.WriteStartArray("variations");
            foreach (var variation in campaign.Variations)
            {
                Variation(json, variation);
            }

            json.WriteEndArray();
        }
        else if (campaign.Variations is [var only, ..])
        {
            json.WritePropertyName("variation");
            Variation(json, only);
        }

        Rest(json, campaign.Source);
        json.WriteEndObject();
    }

    private static void Variation(Utf8JsonWriter json, ProjectWebVariation variation)
    {
        json.WriteStartObject();
        json.WriteNumber("id", variation.Id);
        json.WriteString("name", variation.Name);
        json.WriteNumber("share", variation.Share);
        Rest(json, variation.Source);
        json.WriteEndObject();
    }

    private static void Rest(Utf8JsonWriter json, SourceNode source)
    {
        foreach (var (name, value) in source.Members)
        {
            if (!Named.Contains(name))
            {
                json.WritePropertyName(name);
                value.WriteTo(json);
            }
        }
    }

    private static List<long> Ids(IReadOnlyList<string> goals, Project project) =>
        [.. goals.Select(key => project.Goals.First(goal => goal.Key.Is(key)).Id)];

    private static T Read<T>(SourceNode source, Action<Utf8JsonWriter> write, JsonTypeInfo<T> type)
    {
        using var buffer = new MemoryStream();
        using (var json = new Utf8JsonWriter(buffer))
        {
            write(json);
        }

        try
        {
            return JsonSerializer.Deserialize(buffer.ToArray(), type)!;
        }
        catch (JsonException e)
        {
            throw new ProjectException(
                [new Mistake(source.Line, source.Path, $"The engine cannot read this: {e.Message}")]);
        }
    }
}
