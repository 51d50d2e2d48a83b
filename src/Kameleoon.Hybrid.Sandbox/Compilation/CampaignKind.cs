using System.Text.Json.Serialization;

namespace Kameleoon.Hybrid.Sandbox;

/// <summary>The kind of an experiment, which says what decides it.</summary>
[JsonConverter(typeof(JsonStringEnumConverter<CampaignKind>))]
internal enum CampaignKind
{
    /// <summary>A rule of a flag that splits its traffic.</summary>
    [JsonStringEnumMemberName("flag")]
    Flag,

    /// <summary>A rule of a flag that delivers one variation.</summary>
    [JsonStringEnumMemberName("delivery")]
    Delivery,

    /// <summary>An experiment of the browser engine.</summary>
    [JsonStringEnumMemberName("web")]
    Web,

    /// <summary>The holdout.</summary>
    [JsonStringEnumMemberName("holdout")]
    Holdout,
}
