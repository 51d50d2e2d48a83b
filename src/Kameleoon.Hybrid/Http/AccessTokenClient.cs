using System.Net.Http.Headers;
using System.Text;
using System.Text.Json;
using System.Text.Json.Serialization;
using Microsoft.Extensions.Options;

namespace Kameleoon.Hybrid;

/// <summary>Requests an access token from the token endpoint.</summary>
internal sealed class AccessTokenClient(
    IHttpClientFactory clients,
    PlatformEndpoints endpoints,
    IOptions<KameleoonOptions> options)
{
    /// <exception cref="HttpRequestException">The endpoint cannot be reached or returns an error.</exception>
    /// <exception cref="JsonException">The response has no token that a header can carry.</exception>
    internal async Task<AccessToken> RequestAsync(CancellationToken cancellationToken)
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
        return JsonSerializer.Deserialize(body, AccessTokenJson.Default.AccessToken) is { Value.Length: > 0 } answer
            && !answer.Value.AsSpan().ContainsAnyExceptInRange('!', '~')
            ? answer
            : throw new JsonException("The token endpoint answered without a usable access_token.");
    }
}

internal sealed record AccessToken(
    [property: JsonPropertyName("access_token")] string Value,
    [property: JsonPropertyName("expires_in")] double ExpiresIn);

[JsonSourceGenerationOptions(
    NumberHandling = JsonNumberHandling.AllowReadingFromString,
    RespectNullableAnnotations = true,
    RespectRequiredConstructorParameters = true)]
[JsonSerializable(typeof(AccessToken))]
internal sealed partial class AccessTokenJson : JsonSerializerContext;
