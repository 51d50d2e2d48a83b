using System.Text.Json.Serialization;

namespace Kameleoon.Hybrid.Sandbox;

/// <summary>Writes the values in the engine's files as JSON that is safe inside a script.</summary>
[JsonSourceGenerationOptions(
    PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase,
    DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull)]
[JsonSerializable(typeof(EngineConfiguration))]
[JsonSerializable(typeof(EngineCampaigns))]
[JsonSerializable(typeof(EngineVariation))]
[JsonSerializable(typeof(IReadOnlyList<EngineSegment>))]
[JsonSerializable(typeof(string))]
internal sealed partial class EngineJson : JsonSerializerContext;
