using System.Text.Json.Nodes;
using System.Text.Json.Serialization;

namespace Kameleoon.Hybrid.Sandbox;

/// <summary>Reads the engine's part of a project, and writes data files that were edited.</summary>
/// <remarks>Members that the engine does not know are errors, because most of them are misspelled.</remarks>
[JsonSourceGenerationOptions(
    PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase, UnmappedMemberHandling = JsonUnmappedMemberHandling.Disallow)]
[JsonSerializable(typeof(EngineConfiguration))]
[JsonSerializable(typeof(EngineExperiment))]
[JsonSerializable(typeof(EnginePersonalization))]
[JsonSerializable(typeof(EngineGoal))]
[JsonSerializable(typeof(JsonObject))]
internal sealed partial class CompilationJson : JsonSerializerContext;
