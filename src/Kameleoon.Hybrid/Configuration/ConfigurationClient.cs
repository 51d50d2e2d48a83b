using System.Net;
using System.Security.Cryptography;
using Microsoft.Extensions.Options;

namespace Kameleoon.Hybrid;

/// <summary>Asks the configuration service for the data file, conditionally when it knows one.</summary>
internal sealed class ConfigurationClient(
    IHttpClientFactory clients,
    PlatformEndpoints endpoints,
    IOptions<KameleoonOptions> options)
{
    private string? _lastModified;
    private byte[] _digest = [];

    /// <summary>Fetches the data file.</summary>
    /// <returns>The document, or null when the one accepted last is still in force.</returns>
    /// <exception cref="HttpRequestException">The service cannot be reached or refuses.</exception>
    internal async Task<FetchedConfiguration?> FetchAsync(CancellationToken cancellationToken)
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, endpoints.DataFile);
        request.Headers.Add("X-Kameleoon-SDK-Type", options.Value.SdkName);
        request.Headers.Add("X-Kameleoon-SDK-Version", options.Value.SdkVersion);
        if (_lastModified is not null)
        {
            // Echoed byte for byte, as the platform expects.
            request.Headers.TryAddWithoutValidation("If-Modified-Since", _lastModified);
        }

        using var client = clients.CreateClient(PlatformClients.Configuration);
        using var response = await client.SendAsync(request, cancellationToken);
        if (response.StatusCode == HttpStatusCode.NotModified)
        {
            return null;
        }

        response.EnsureSuccessStatusCode();
        var lastModified = response.Content.Headers.TryGetValues("Last-Modified", out var values)
            ? values.FirstOrDefault()
            : null;
        var json = await response.Content.ReadAsByteArrayAsync(cancellationToken);
        var digest = SHA256.HashData(json);
        return digest.AsSpan().SequenceEqual(_digest) ? null : new FetchedConfiguration(json, lastModified, digest);
    }

    /// <summary>Remembers that this version is in force; a refused one is asked for again.</summary>
    internal void Accept(FetchedConfiguration fetched)
    {
        _lastModified = fetched.LastModified;
        _digest = fetched.Digest;
    }
}

internal sealed record FetchedConfiguration(ReadOnlyMemory<byte> Json, string? LastModified, byte[] Digest);
