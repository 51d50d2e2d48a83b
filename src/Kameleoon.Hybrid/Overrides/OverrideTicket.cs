using System.Text.Json;
using System.Text.Json.Serialization;

namespace Kameleoon.Hybrid;

/// <summary>What a signed override says, and until when.</summary>
/// <param name="SiteCode">The project whose flags are overridden.</param>
/// <param name="Variations">The keys of flags, each with the key of the variation that the browser shows.</param>
internal sealed record OverrideTicket(string SiteCode, IReadOnlyDictionary<string, string> Variations)
{
    /// <summary>When it expires. Data Protection stores the time; the JSON does not contain it.</summary>
    internal DateTimeOffset Expires { get; init; }
}

/// <summary>Serializes tickets without reflection.</summary>
[JsonSourceGenerationOptions(
    JsonSerializerDefaults.Web, RespectNullableAnnotations = true, RespectRequiredConstructorParameters = true)]
[JsonSerializable(typeof(OverrideTicket))]
internal sealed partial class OverrideJson : JsonSerializerContext;
