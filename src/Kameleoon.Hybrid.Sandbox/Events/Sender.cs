using System.Text.Json.Serialization;

namespace Kameleoon.Hybrid.Sandbox;

/// <summary>Who sent an event.</summary>
[JsonConverter(typeof(JsonStringEnumConverter<Sender>))]
internal enum Sender
{
    /// <summary>A server-side SDK, for any visitors.</summary>
    [JsonStringEnumMemberName("server")]
    Server,

    /// <summary>The browser engine, for its own visitor.</summary>
    [JsonStringEnumMemberName("engine")]
    Engine,
}
