using System.Net;
using System.Net.Http.Headers;
using Microsoft.Extensions.Options;

namespace Kameleoon.Hybrid;

/// <summary>Downloads the data file from the configuration service, with a conditional request once one is
/// known.</summary>
internal sealed class HttpDataFileSource(
    IHttpClientFactory clients,
    PlatformEndpoints endpoints,
    ConfigurationStream stream,
    IOptions<KameleoonOptions> options,
    TimeProvider clock) : IDataFileSource
{
    private const int MaxStamp = 200;

    public bool IsRemote => true;

    public async Task<FetchedDataFile> FetchAsync(DataFileRequest request, CancellationToken cancellationToken)
    {
        var source = request.IsAnnounced ? DataFileSource.Streaming : DataFileSource.Polling;
        using var message = new HttpRequestMessage(HttpMethod.Get, endpoints.DataFile(request.Timestamp));
        message.Options.Set(PlatformPipelines.IsOnlyAttempt, request.IsOnlyAttempt);
        message.Headers.Add("X-Kameleoon-SDK-Type", options.Value.SdkName);
        message.Headers.Add("X-Kameleoon-SDK-Version", options.Value.SdkVersion);
        if (request.LastModified is { } lastModified)
        {
            // The platform expects its own header value, byte for byte.
            message.Headers.TryAddWithoutValidation("If-Modified-Since", lastModified);
        }

        using var client = clients.CreateClient(PlatformClients.Configuration);
        using var response = await client.SendAsync(message, cancellationToken);
        if (response.StatusCode == HttpStatusCode.NotModified && request.LastModified is not null)
        {
            return new(source, Json: null, request.LastModified);
        }

        if (!response.IsSuccessStatusCode)
        {
            throw new DataFileRefusedException(response.StatusCode, RetryAfter.Of(response, clock));
        }

        return new(
            source,
            await response.Content.ReadAsByteArrayAsync(cancellationToken),
            LastModifiedOf(response.Content.Headers));
    }

    public Task WatchAsync(Action<long?> changed, CancellationToken cancellationToken) =>
        options.Value.Configuration.Mode == ConfigurationMode.Polling
            ? Task.CompletedTask
            : stream.ReadAsync(changed, cancellationToken);

    // What no header can carry would fail each request that follows. The next one is then unconditional.
    private static string? LastModifiedOf(HttpContentHeaders headers) =>
        headers.TryGetValues("Last-Modified", out var values)
        && values.FirstOrDefault() is { Length: <= MaxStamp } stamp
        && !stamp.AsSpan().ContainsAnyExceptInRange(' ', '~') ? stamp : null;
}
