using System.Net;
using System.Net.Http.Headers;
using System.Runtime.InteropServices;
using Microsoft.Extensions.Options;

namespace Kameleoon.Hybrid;

/// <summary>Posts batches to the data API; the client's pipeline retries what may pass.</summary>
internal sealed class TrackingClient(
    IHttpClientFactory clients,
    PlatformEndpoints endpoints,
    ConfigurationStore configuration,
    AccessTokenSource tokens,
    IOptions<KameleoonOptions> options,
    TimeProvider clock)
{
    /// <returns>The platform's last answer.</returns>
    /// <exception cref="HttpRequestException">The platform cannot be reached.</exception>
    internal Task<TrackingAnswer> SendAsync(TrackingBatch batch, CancellationToken cancellationToken) => tokens.SendAsync(
        token => PostAsync(batch, token, cancellationToken),
        static answer => answer.Status == HttpStatusCode.Unauthorized,
        cancellationToken);

    private async Task<TrackingAnswer> PostAsync(TrackingBatch batch, string? token, CancellationToken cancellationToken)
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, endpoints.Tracking(configuration.Current))
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
        return new TrackingAnswer(response.StatusCode, RetryAfter.Of(response, clock))
        {
            // With credentials there will be a token that is accepted: the endpoint for tokens may be away.
            LacksToken = response.StatusCode == HttpStatusCode.Unauthorized && !string.IsNullOrEmpty(options.Value.ClientId),
        };
    }
}

/// <summary>What the data API said.</summary>
[StructLayout(LayoutKind.Auto)]
internal readonly record struct TrackingAnswer(HttpStatusCode Status, TimeSpan? RetryAfter)
{
    /// <summary>Whether it wants a token that was not to be had.</summary>
    internal bool LacksToken { get; init; }
}
