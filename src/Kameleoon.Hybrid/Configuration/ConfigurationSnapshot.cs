using System.Security.Cryptography;
using Kameleoon.Hybrid.Decisions;

namespace Kameleoon.Hybrid;

/// <summary>One data file in force with what is known about it.</summary>
internal sealed record ConfigurationSnapshot(
    DataFile DataFile,
    string Version,
    DataFileSource Source,
    string? LastModified,
    FlagFingerprints Flags)
{
    private const int VersionBytes = 8;

    /// <exception cref="DataFileException">The document is no data file.</exception>
    internal static ConfigurationSnapshot Of(FetchedDataFile fetched, Action<VariableMismatch> mismatch)
    {
        var json = fetched.Json.GetValueOrDefault().Span;
        var dataFile = DataFile.Parse(json, mismatch);
        return new(dataFile, VersionOf(json), fetched.Source, fetched.LastModified, FlagFingerprints.Of(json));
    }

    /// <summary>Whether what was fetched is no other content.</summary>
    internal bool IsStill(FetchedDataFile fetched) =>
        fetched.Json is not { } json || string.Equals(VersionOf(json.Span), Version, StringComparison.Ordinal);

    /// <summary>The same content, now that its source said so.</summary>
    internal ConfigurationSnapshot ConfirmedBy(FetchedDataFile fetched) => this with
    {
        Source = Source == DataFileSource.LastGoodCopy ? fetched.Source : Source,
        LastModified = fetched.LastModified,
    };

    private static string VersionOf(ReadOnlySpan<byte> json)
    {
        Span<byte> digest = stackalloc byte[SHA256.HashSizeInBytes];
        SHA256.HashData(json, digest);
        return Convert.ToHexStringLower(digest[..VersionBytes]);
    }
}
