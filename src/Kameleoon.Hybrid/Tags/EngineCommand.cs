using System.Text.Json.Nodes;

namespace Kameleoon.Hybrid;

/// <summary>One command for the engine.</summary>
/// <param name="Call">The name of a method of the Activation API, and its arguments.</param>
/// <param name="OnceKey">The storage key that marks the command as run in this browser, or null if it may run
/// again.</param>
internal sealed record EngineCommand(JsonArray Call, string? OnceKey = null);
