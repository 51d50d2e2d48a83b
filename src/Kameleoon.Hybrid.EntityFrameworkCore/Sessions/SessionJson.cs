using System.Text.Json.Serialization;

namespace Kameleoon.Hybrid.EntityFrameworkCore;

/// <summary>Writes and reads the values of a session entry.</summary>
[JsonSerializable(typeof(IReadOnlyList<string>))]
[JsonSerializable(typeof(string[]))]
internal sealed partial class SessionJson : JsonSerializerContext;
