using System.Text.Json;
using System.Text.Json.Serialization;

namespace Kameleoon.Hybrid;

/// <summary>An announcement of a new data file by the event stream.</summary>
/// <param name="SiteCode">The project.</param>
/// <param name="Timestamp">When it was published, in milliseconds since 1970.</param>
internal sealed record ConfigurationUpdate(
    [property: JsonPropertyName("siteCode")] string? SiteCode,
    [property: JsonPropertyName("ts"), JsonRequired] long Timestamp)
{
    internal bool IsFor(string siteCode) =>
        SiteCode is null || string.Equals(SiteCode, siteCode, StringComparison.OrdinalIgnoreCase);

    internal static ConfigurationUpdate? TryRead(string data)
    {
        try
        {
            return JsonSerializer.Deserialize(data, ConfigurationUpdateJson.Default.ConfigurationUpdate);
        }
        catch (JsonException)
        {
            return null;
        }
    }
}

[JsonSourceGenerationOptions(NumberHandling = JsonNumberHandling.AllowReadingFromString)]
[JsonSerializable(typeof(ConfigurationUpdate))]
internal sealed partial class ConfigurationUpdateJson : JsonSerializerContext;
