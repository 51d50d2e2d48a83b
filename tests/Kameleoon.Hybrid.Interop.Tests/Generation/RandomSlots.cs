using System.Text.Json.Nodes;

namespace Kameleoon.Hybrid.Interop.Tests;

/// <summary>The custom data of every random site.</summary>
internal static class RandomSlots
{
    internal const int Text = 0;
    internal const int Number = 1;
    internal const int Flag = 2;

    // The core does not recognise a mapping identifier at index 0.
    internal const int Person = 3;
    internal const int Bucket = 4;

    internal const long BucketId = 9004;
    internal const long UnknownId = 999_999_999;

    internal static readonly string[] Names = ["text", "number", "flag", "person", "bucket"];

    // Every slot has an id: the core buckets nobody by custom data when one lacks it.
    internal static JsonArray Write(SiteTraits traits) => Names.Select((name, index) => new JsonObject
    {
        ["id"] = 9000 + index,
        ["index"] = index,
        ["name"] = name,
        ["localOnly"] = false,
        ["scope"] = "VISIT",
        ["isMappingIdentifier"] = traits.LinksDevices && index == Person,
    }).ToJson();
}
