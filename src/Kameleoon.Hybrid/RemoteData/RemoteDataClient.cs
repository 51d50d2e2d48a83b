using System.Globalization;
using System.Net;
using System.Net.Http.Headers;
using System.Text;
using System.Text.Json;
using System.Text.Unicode;
using Polly.CircuitBreaker;
using Polly.Timeout;

namespace Kameleoon.Hybrid;

/// <summary>Reads visitors and maps from the data API.</summary>
internal sealed class RemoteDataClient(
    IHttpClientFactory clients,
    PlatformEndpoints endpoints,
    ConfigurationStore configuration,
    AccessTokenSource tokens)
{
    /// <param name="code">The visitor's code.</param>
    /// <param name="isMappingValue">Whether the code identifies a person, so that the platform finds the visitor by
    /// it.</param>
    /// <param name="filter">The data to request.</param>
    /// <param name="cancellationToken">Ends the request.</param>
    /// <exception cref="HttpRequestException">The platform cannot be reached or returns an error.</exception>
    /// <exception cref="TimeoutException">The platform did not respond in time.</exception>
    /// <exception cref="JsonException">The response cannot be read.</exception>
    internal async Task<RemoteVisitorData> GetVisitorAsync(
        string code, bool isMappingValue, RemoteVisitorDataFilter filter, CancellationToken cancellationToken)
    {
        var body = await GetAsync(endpoints.Visitor(configuration.DataFile, Query(code, isMappingValue, filter)), cancellationToken);
        return JsonSerializer.Deserialize(body, RemoteDataJson.Default.VisitorAnswer) is { } answer
            ? VisitorHistory.Read(answer, filter)
            : RemoteVisitorData.Empty;
    }

    /// <param name="key">The key of the map.</param>
    /// <param name="cancellationToken">Ends the request.</param>
    /// <inheritdoc cref="GetVisitorAsync" path="/exception"/>
    internal async Task<JsonElement> GetMapAsync(string key, CancellationToken cancellationToken)
    {
        var body = await GetAsync(endpoints.Map(configuration.DataFile, key), cancellationToken);
        var reader = new Utf8JsonReader(body);
        return JsonElement.ParseValue(ref reader);
    }

    // Parameters of data that is not requested are omitted, as in the official SDKs.
    private static string Query(string code, bool isMappingValue, RemoteVisitorDataFilter filter)
    {
        var query = new StringBuilder()
            .Append(isMappingValue ? "&mappingValue=" : "&visitorCode=").Append(Uri.EscapeDataString(code))
            .Append("&maxNumberPreviousVisits=").Append(filter.PreviousVisitAmount.ToString(CultureInfo.InvariantCulture))
            .Append("&version=0&staticData=true");
        foreach (var (name, isWanted) in (ReadOnlySpan<(string, bool)>)
        [
            ("currentVisit", filter.CurrentVisit),
            ("customData", filter.CustomData),
            ("conversion", filter.Conversions),
            ("geolocation", filter.Geolocation),
            ("experiment", filter.Experiments),
            ("page", filter.PageViews),
            ("personalization", filter.Personalization),
            ("kcs", filter.Kcs),
            ("cbs", filter.Cbs),
        ])
        {
            if (isWanted)
            {
                query.Append('&').Append(name).Append("=true");
            }
        }

        return query.ToString();
    }

    private async Task<byte[]> GetAsync(Uri address, CancellationToken cancellationToken)
    {
        try
        {
            using var response = await tokens.SendAsync(
                token => SendAsync(address, token, cancellationToken),
                static answer => answer.StatusCode == HttpStatusCode.Unauthorized,
                cancellationToken);
            response.EnsureSuccessStatusCode();
            return Clean(await response.Content.ReadAsByteArrayAsync(cancellationToken));
        }
        catch (TimeoutRejectedException e)
        {
            throw new TimeoutException("The data API did not answer in time; see Kameleoon:Resilience:Remote.", e);
        }
        catch (InvalidDataException e)
        {
            throw new HttpRequestException("The data API's answer cannot be decompressed.", e);
        }
        catch (BrokenCircuitException e)
        {
            throw new HttpRequestException("The data API failed too often; see Kameleoon:Resilience:Remote:BreakRatio.", e);
        }
    }

    // Text that .NET refuses to read becomes U+FFFD, so that the rest can be read. A byte-order mark is skipped.
    private static byte[] Clean(byte[] body)
    {
        var text = Utf8.IsValid(body) ? body : Encoding.UTF8.GetBytes(Encoding.UTF8.GetString(body));
        text = text.AsSpan().StartsWith(Encoding.UTF8.Preamble) ? text[Encoding.UTF8.Preamble.Length..] : text;
        HalfPairs.Replace<byte>(text);
        return text;
    }

    private async Task<HttpResponseMessage> SendAsync(Uri address, string? token, CancellationToken cancellationToken)
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, address);
        if (token is not null)
        {
            request.Headers.Authorization = new AuthenticationHeaderValue("Bearer", token);
        }

        using var client = clients.CreateClient(PlatformClients.Remote);
        return await client.SendAsync(request, cancellationToken);
    }
}
