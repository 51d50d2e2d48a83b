using System.Text.Json.Nodes;
using System.Text.Json.Serialization;

namespace Kameleoon.Hybrid.Sandbox;

/// <summary>What the sandbox writes as JSON; the default encoder keeps it harmless inside a script.</summary>
[JsonSourceGenerationOptions(
    PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase, UnmappedMemberHandling = JsonUnmappedMemberHandling.Disallow)]
[JsonSerializable(typeof(EngineConfiguration))]
[JsonSerializable(typeof(EngineExperiment))]
[JsonSerializable(typeof(EnginePersonalization))]
[JsonSerializable(typeof(EngineGoal))]
[JsonSerializable(typeof(LiveSnapshot))]
[JsonSerializable(typeof(LiveStory))]
[JsonSerializable(typeof(LiveChart))]
[JsonSerializable(typeof(IReadOnlyDictionary<string, IReadOnlyList<string>>), TypeInfoPropertyName = "RecordedFacts")]
[JsonSerializable(typeof(JsonObject))]
[JsonSerializable(typeof(string))]
[JsonSerializable(typeof(FlagEdit))]
[JsonSerializable(typeof(EditSet))]
[JsonSerializable(typeof(StoredMap))]
[JsonSerializable(typeof(Fault))]
[JsonSerializable(typeof(ClockReading))]
[JsonSerializable(typeof(IReadOnlyDictionary<string, Fault>))]
[JsonSerializable(typeof(IReadOnlyList<Hit>))]
internal sealed partial class SandboxJson : JsonSerializerContext;
