using System.Net.Http.Headers;
using System.Text;
using System.Text.Json;
using System.Text.Json.Serialization;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;

namespace Kameleoon.Hybrid;

/// <summary>Keeps the access token of the data API until shortly before it expires.</summary>
/// <remarks>One caller at a time: the tracking sender is the only one. Where no token can be had in a moment, events are
/// sent without one and the next attempt waits: an outage of the token endpoint neither holds events back nor meets a
/// request storm.</remarks>
internal sealed class AccessTokenSource(
    IHttpClientFactory clients,
    IOptions<KameleoonOptions> options,
    PlatformEndpoints endpoints,
    TimeProvider clock,
    ILogger<AccessTokenSource> logger)
{
    private static readonly TimeSpan Margin = TimeSpan.FromSeconds(60);
    private static readonly TimeSpan Pause = TimeSpan.FromSeconds(30);
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(2);

    private string? _token;
    private DateTimeOffset _goodUntil;
    private bool _isFailing;

    internal async ValueTask<string?> GetAsync(CancellationToken cancellationToken)
    {
        if (string.IsNullOrEmpty(options.Value.ClientId) || clock.GetUtcNow() < _goodUntil)
        {
            return _token;
        }

        try
        {
            using var deadline = new CancellationTokenSource(Patience, clock);
            using var either = CancellationTokenSource.CreateLinkedTokenSource(deadline.Token, cancellationToken);
            var answer = await RequestAsync(either.Token);
            var life = TimeSpan.FromSeconds(answer.ExpiresIn) - Margin;
            Keep(answer.Value, life > Pause ? life : Pause);
            _isFailing = false;
        }
        catch (Exception e) when (!cancellationToken.IsCancellationRequested)
        {
            Keep(token: null, Pause);
            if (!_isFailing)
            {
                _isFailing = true;
                logger.AccessTokenFailed(e.Message);
            }
        }

        return _token;
    }

    internal void Discard() => Keep(token: null, TimeSpan.Zero);

    private void Keep(string? token, TimeSpan life)
    {
        _token = token;
        _goodUntil = clock.GetUtcNow() + life;
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
        return JsonSerializer.Deserialize(body, AccessTokenJson.Default.AccessToken) is { } answer
            && !answer.Value.AsSpan().ContainsAnyExceptInRange('!', '~')
            ? answer
            : throw new JsonException("The token endpoint answered without a usable access_token.");
    }
}

internal sealed record AccessToken(
    [property: JsonPropertyName("access_token")] string Value,
    [property: JsonPropertyName("expires_in")] int ExpiresIn);

[JsonSourceGenerationOptions(RespectNullableAnnotations = true, RespectRequiredConstructorParameters = true)]
[JsonSerializable(typeof(AccessToken))]
internal sealed partial class AccessTokenJson : JsonSerializerContext;
