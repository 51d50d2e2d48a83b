using System.Text.Json.Serialization;

namespace Kameleoon.Hybrid.Sandbox;

/// <summary>What the sandbox writes as JSON; the default encoder keeps it harmless inside a script.</summary>
[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase)]
[JsonSerializable(typeof(LiveSnapshot))]
internal sealed partial class SandboxJson : JsonSerializerContext;
