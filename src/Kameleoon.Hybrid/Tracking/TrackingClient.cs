using System.Net;
using System.Net.Http.Headers;

namespace Kameleoon.Hybrid;

/// <summary>Posts batches to the data API; the client's pipeline retries what may pass.</summary>
internal sealed class TrackingClient(
    IHttpClientFactory clients,
    PlatformEndpoints endpoints,
    ConfigurationStore configuration,
    AccessTokenSource tokens)
{
    /// <returns>The platform's last answer.</returns>
    /// <exception cref="HttpRequestException">The platform cannot be reached.</exception>
    internal async Task<HttpStatusCode> SendAsync(WrittenBody batch, CancellationToken cancellationToken)
    {
        var token = await tokens.GetAsync(cancellationToken);
        var status = await PostAsync(batch, token, cancellationToken);
        if (status != HttpStatusCode.Unauthorized || token is null)
        {
            return status;
        }

        tokens.Discard(token);
        token = await tokens.GetAsync(cancellationToken);
        status = await PostAsync(batch, token, cancellationToken);
        if (status != HttpStatusCode.Unauthorized || token is null)
        {
            return status;
        }

        // Some sites take events from anybody, but none with a token they do not know.
        tokens.Discard(token);
        return await PostAsync(batch, token: null, cancellationToken);
    }

    private async Task<HttpStatusCode> PostAsync(WrittenBody batch, string? token, CancellationToken cancellationToken)
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, endpoints.Tracking(configuration.Current))
        {
            Content = new ReadOnlyMemoryContent(batch.Body),
        };
        request.Content.Headers.TryAddWithoutValidation("Content-Type", "*/*");
        if (token is not null)
        {
            request.Headers.Authorization = new AuthenticationHeaderValue("Bearer", token);
        }

        using var client = clients.CreateClient(PlatformClients.Data);
        using var response = await client.SendAsync(
            request,
            HttpCompletionOption.ResponseHeadersRead,
            cancellationToken);
        return response.StatusCode;
    }
}
