using System.Text.Json;
using System.Text.Json.Serialization;

namespace Kameleoon.Hybrid.Sandbox;

/// <summary>A script of the project, written into the engine's files as a function.</summary>
/// <remarks>A function needs no evaluation of text, which a content security policy would refuse.</remarks>
[JsonConverter(typeof(EngineScriptConverter))]
internal sealed record EngineScript(string Body);

/// <summary>Writes the function in place of a JSON value: what comes out is a literal of JavaScript.</summary>
internal sealed class EngineScriptConverter : JsonConverter<EngineScript>
{
    // What integrations find in scope; both spellings are in use.
    private const string Parameters = "experimentID,experimentId,experimentName,personalizationID,personalizationId,"
        + "personalizationName,variationID,variationId,variationName";

    public override EngineScript? Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options) =>
        reader.GetString() is { } body ? new EngineScript(body) : null;

    // The line feed ends a comment on the script's last line.
    public override void Write(Utf8JsonWriter writer, EngineScript value, JsonSerializerOptions options) =>
        writer.WriteRawValue($"function({Parameters}){{{value.Body}\n}}", skipInputValidation: true);
}
