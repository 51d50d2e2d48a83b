using System.Net.Http.Headers;
using System.Text;
using System.Text.Json;
using System.Text.Json.Serialization;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using Polly.Timeout;

namespace Kameleoon.Hybrid;

/// <summary>Keeps the access token of the data API until shortly before it expires.</summary>
/// <remarks>One caller at a time: the tracking sender is the only one. Without a token events are sent without one,
/// and the next attempt waits, so that an outage of the token endpoint costs neither events nor a request storm.
/// </remarks>
internal sealed class AccessTokenSource(
    IHttpClientFactory clients,
    IOptions<KameleoonOptions> options,
    PlatformEndpoints endpoints,
    TimeProvider clock,
    ILogger<AccessTokenSource> logger)
{
    private static readonly TimeSpan Margin = TimeSpan.FromSeconds(60);
    private static readonly TimeSpan PauseAfterFailure = TimeSpan.FromSeconds(30);

    private string? _token;
    private DateTimeOffset _goodUntil;

    internal async ValueTask<string?> GetAsync(CancellationToken cancellationToken)
    {
        if (string.IsNullOrEmpty(options.Value.ClientId) || clock.GetUtcNow() < _goodUntil)
        {
            return _token;
        }

        try
        {
            var answer = await RequestAsync(cancellationToken);
            _token = answer.Value;
            _goodUntil = clock.GetUtcNow() + TimeSpan.FromSeconds(answer.ExpiresIn) - Margin;
        }
        catch (Exception e) when (e is HttpRequestException or TimeoutRejectedException or JsonException)
        {
            logger.AccessTokenFailed(e);
            _token = null;
            _goodUntil = clock.GetUtcNow() + PauseAfterFailure;
        }

        return _token;
    }

    internal void Discard()
    {
        _token = null;
        _goodUntil = default;
    }

    private async Task<AccessToken> RequestAsync(CancellationToken cancellationToken)
    {
        var credentials = Encoding.UTF8.GetBytes($"{options.Value.ClientId}:{options.Value.ClientSecret}");
        using var request = new HttpRequestMessage(HttpMethod.Post, endpoints.Token)
        {
            Headers = { Authorization = new AuthenticationHeaderValue("Basic", Convert.ToBase64String(credentials)) },
            Content = new FormUrlEncodedContent([new("grant_type", "client_credentials")]),
        };
        using var client = clients.CreateClient(PlatformClients.Api);
        using var response = await client.SendAsync(request, cancellationToken);
        response.EnsureSuccessStatusCode();
        var body = await response.Content.ReadAsByteArrayAsync(cancellationToken);
        return JsonSerializer.Deserialize(body, AccessTokenJson.Default.AccessToken)
            ?? throw new JsonException("The token endpoint answered null.");
    }
}

internal sealed record AccessToken(
    [property: JsonPropertyName("access_token")] string Value,
    [property: JsonPropertyName("expires_in")] int ExpiresIn);

[JsonSourceGenerationOptions(RespectNullableAnnotations = true, RespectRequiredConstructorParameters = true)]
[JsonSerializable(typeof(AccessToken))]
internal sealed partial class AccessTokenJson : JsonSerializerContext;
