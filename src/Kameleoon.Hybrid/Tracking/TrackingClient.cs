using System.Net;
using System.Net.Http.Headers;
using System.Runtime.InteropServices;

namespace Kameleoon.Hybrid;

/// <summary>Posts batches to the data API. The pipeline of the HTTP client retries transient failures.</summary>
internal sealed class TrackingClient(
    IHttpClientFactory clients,
    PlatformEndpoints endpoints,
    ConfigurationStore configuration,
    AccessTokenSource tokens,
    TimeProvider clock)
{
    /// <summary>Posts a batch, once more with a new access token after a 401.</summary>
    /// <returns>The last response.</returns>
    /// <exception cref="HttpRequestException">The platform cannot be reached.</exception>
    internal Task<TrackingResponse> SendAsync(TrackingBatch batch, CancellationToken cancellationToken) => tokens.SendAsync(
        token => PostAsync(batch, token, cancellationToken),
        static response => response.Status == HttpStatusCode.Unauthorized,
        cancellationToken);

    private async Task<TrackingResponse> PostAsync(TrackingBatch batch, string? token, CancellationToken cancellationToken)
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, endpoints.Tracking(configuration.DataFile))
        {
            Content = new ReadOnlyMemoryContent(batch.Body),
        };
        request.Content.Headers.TryAddWithoutValidation("Content-Type", "*/*");
        request.Options.Set(PlatformPipelines.EventCount, batch.EventCount);
        if (token is not null)
        {
            request.Headers.Authorization = new AuthenticationHeaderValue("Bearer", token);
        }

        using var client = clients.CreateClient(PlatformClients.Data);
        using var response = await client.SendAsync(
            request,
            HttpCompletionOption.ResponseHeadersRead,
            cancellationToken);
        return new TrackingResponse(response.StatusCode, RetryAfter.Of(response, clock));
    }
}

/// <summary>A response of the data API.</summary>
[StructLayout(LayoutKind.Auto)]
internal readonly record struct TrackingResponse(HttpStatusCode Status, TimeSpan? RetryAfter);
