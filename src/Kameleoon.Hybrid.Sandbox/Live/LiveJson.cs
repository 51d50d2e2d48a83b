using System.Text.Json.Serialization;

namespace Kameleoon.Hybrid.Sandbox;

/// <summary>Writes the answers that the live page reads.</summary>
[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase)]
[JsonSerializable(typeof(LiveSnapshot))]
[JsonSerializable(typeof(LiveTimeline))]
[JsonSerializable(typeof(LiveChart))]
[JsonSerializable(typeof(IReadOnlyDictionary<string, IReadOnlyList<string>>), TypeInfoPropertyName = "RecordedFacts")]
internal sealed partial class LiveJson : JsonSerializerContext;
