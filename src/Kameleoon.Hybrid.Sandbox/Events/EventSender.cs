using System.Text.Json.Serialization;

namespace Kameleoon.Hybrid.Sandbox;

/// <summary>The kind of client that sent an event.</summary>
[JsonConverter(typeof(JsonStringEnumConverter<EventSender>))]
internal enum EventSender
{
    /// <summary>A server-side SDK, for any visitors.</summary>
    [JsonStringEnumMemberName("server")]
    Server,

    /// <summary>The browser engine, for its own visitor.</summary>
    [JsonStringEnumMemberName("engine")]
    Engine,
}

/// <summary>Names senders for log messages and for the live page.</summary>
internal static class EventSenderNames
{
    /// <summary>Returns <c>engine</c> or <c>server</c>.</summary>
    internal static string Name(this EventSender sender) => sender == EventSender.Engine ? "engine" : "server";
}
