using System.Text.Json.Serialization;

namespace Api;

/// <summary>Reads and writes bodies without reflection, which native code does not have.</summary>
[JsonSerializable(typeof(Order))]
[JsonSerializable(typeof(Shipping))]
[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase)]
internal sealed partial class ApiJson : JsonSerializerContext;
