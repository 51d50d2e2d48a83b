using System.Text.Json;
using System.Text.Json.Serialization;
using StackExchange.Redis;

namespace Kameleoon.Hybrid.Redis;

/// <summary>The value of an entry as Redis stores it: a JSON array of the server that wrote it and the entry's values.
/// </summary>
internal static partial class SessionValue
{
    internal static string Write(string server, IReadOnlyList<string> values) =>
        JsonSerializer.Serialize([server, .. values], Json.Default.StringArray);

    /// <summary>Reads a value. Returns null for what this library did not write.</summary>
    internal static (string Server, string[] Values)? Read(RedisValue value)
    {
        try
        {
            return value.IsNull
                || JsonSerializer.Deserialize((string)value!, Json.Default.StringArray) is not [{ } server, .. var values]
                || Array.Exists(values, static one => one is null)
                    ? null
                    : (server, values);
        }
        catch (JsonException)
        {
            return null;
        }
    }

    [JsonSerializable(typeof(string[]))]
    private sealed partial class Json : JsonSerializerContext;
}
