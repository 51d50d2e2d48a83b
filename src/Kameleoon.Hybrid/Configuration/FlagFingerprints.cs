using System.Text.Json;

namespace Kameleoon.Hybrid;

/// <summary>One fingerprint for each flag and the segments it uses, to find the flags that changed.</summary>
/// <remarks>White space is ignored. Fingerprints are comparable within one process only.</remarks>
internal sealed class FlagFingerprints
{
    private readonly Dictionary<string, int> _flags = new(StringComparer.Ordinal);

    internal static FlagFingerprints None { get; } = new();

    /// <param name="json">A document that was accepted as a data file.</param>
    internal static FlagFingerprints Of(ReadOnlySpan<byte> json)
    {
        var reader = new Utf8JsonReader(json.StartsWith("\uFEFF"u8) ? json[3..] : json);
        var flags = new List<PartFingerprint>();
        var segments = new Dictionary<string, PartFingerprint>(StringComparer.Ordinal);
        reader.Read();
        while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
        {
            var isFlags = reader.ValueTextEquals("featureFlags"u8);
            var isSegments = reader.ValueTextEquals("segments"u8);
            reader.Read();
            if ((isFlags || isSegments) && reader.TokenType == JsonTokenType.StartArray)
            {
                while (reader.Read() && reader.TokenType != JsonTokenType.EndArray)
                {
                    var part = PartFingerprint.Read(ref reader, isFlags ? "featureKey"u8 : "id"u8);
                    if (isFlags)
                    {
                        flags.Add(part);
                    }
                    else
                    {
                        segments[part.Name] = part;
                    }
                }
            }
            else
            {
                reader.Skip();
            }
        }

        var fingerprints = new FlagFingerprints();
        foreach (var flag in flags)
        {
            fingerprints._flags[flag.Name] = flag.With(segments);
        }

        return fingerprints;
    }

    internal FlagChanges Since(FlagFingerprints before) => new(
        [.. _flags.Keys.Where(key => !before._flags.ContainsKey(key))],
        [.. before._flags.Keys.Where(key => !_flags.ContainsKey(key))],
        [.. _flags.Where(flag => before._flags.TryGetValue(flag.Key, out var was) && was != flag.Value)
            .Select(flag => flag.Key)]);
}

/// <summary>How the flags of two data files differ, by key.</summary>
internal sealed record FlagChanges(
    IReadOnlyList<string> Added, IReadOnlyList<string> Removed, IReadOnlyList<string> Modified);
