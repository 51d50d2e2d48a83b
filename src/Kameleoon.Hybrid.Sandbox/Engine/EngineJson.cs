using System.Text.Json.Serialization;

namespace Kameleoon.Hybrid.Sandbox;

/// <summary>What the engine's files carry; the default encoder keeps it harmless inside a script.</summary>
[JsonSourceGenerationOptions(
    PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase,
    DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull)]
[JsonSerializable(typeof(EngineConfiguration))]
[JsonSerializable(typeof(EngineCampaigns))]
[JsonSerializable(typeof(EngineVariation))]
[JsonSerializable(typeof(IReadOnlyList<EngineSegment>))]
[JsonSerializable(typeof(string))]
internal sealed partial class EngineJson : JsonSerializerContext;
