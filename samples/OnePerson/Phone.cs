using System.Globalization;
using System.Net.Http.Headers;
using System.Text.Json;

namespace OnePerson;

/// <summary>An application on a phone, which knows nothing but the back end's address.</summary>
public sealed class Phone(Uri backEnd, TimeProvider? clock = null) : IDisposable
{
    private readonly HttpClient _http = new(new Retries(clock ?? TimeProvider.System)) { BaseAddress = backEnd };

    public string VisitorCode { get; private set; } = "";

    public string Label { get; private set; } = "";

    public decimal Fee { get; private set; }

    /// <summary>Signs in, shows what the back end decided, and buys.</summary>
    /// <exception cref="HttpRequestException">The back end did not answer, although the phone asked several times.
    /// </exception>
    public async Task UseAsync(string name, TextWriter screen)
    {
        using var signIn = await _http.PostAsync(new Uri($"/phone/sign-in?name={Uri.EscapeDataString(name)}", UriKind.Relative), null);
        signIn.EnsureSuccessStatusCode();
        var token = await signIn.Content.ReadFromJsonAsync<JsonElement>();
        _http.DefaultRequestHeaders.Authorization =
            new AuthenticationHeaderValue("Bearer", token.GetProperty("accessToken").GetString());

        // One person: whoever signed in elsewhere before has the code already.
        var visitor = await _http.GetFromJsonAsync<JsonElement>("/kameleoon/visitor");
        VisitorCode = visitor.GetProperty("visitorCode").GetString()!;
        await screen.WriteLineAsync($"Phone of {name}: visitor {VisitorCode}");

        // An experiment in the application's own interface: the back end decides, the phone draws and says when it is seen.
        var decisions = await PostAsync("/kameleoon/decisions", """{ "keys": ["buy-button"], "track": false }""");
        var button = decisions.GetProperty("decisions")[0];
        Label = button.GetProperty("variables").GetProperty("label").GetString()!;
        await screen.WriteLineAsync(
            $"  its button says       [ {Label} ]   ({button.GetProperty("variationKey")}, experiment {button.GetProperty("experimentId")})");
        await ReportAsync("""{ "events": [{ "type": "exposure", "key": "buy-button" }] }""");

        // An experiment in the back end: the phone only sees a fee.
        Fee = (await _http.GetFromJsonAsync<JsonElement>("/api/delivery")).GetProperty("fee").GetDecimal();
        await screen.WriteLineAsync(string.Create(CultureInfo.InvariantCulture, $"  delivery costs        {Fee:0.00}"));

        await ReportAsync("""{ "events": [{ "type": "conversion", "goalId": 3001, "revenue": 19.90 }] }""");
        await screen.WriteLineAsync("  and something is bought");
    }

    public void Dispose() => _http.Dispose();

    // The key is of the event, not of the request: the back end counts the event once, however often it is sent.
    private Task<JsonElement> ReportAsync(string json) => PostAsync("/kameleoon/events", json, Guid.NewGuid().ToString());

    private async Task<JsonElement> PostAsync(string path, string json, string? idempotencyKey = null)
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, path)
        {
            Content = new StringContent(json, new MediaTypeHeaderValue("application/json")),
        };
        if (idempotencyKey is not null)
        {
            request.Headers.Add("Idempotency-Key", idempotencyKey);
        }

        using var response = await _http.SendAsync(request);
        response.EnsureSuccessStatusCode();
        return await response.Content.ReadFromJsonAsync<JsonElement>();
    }
}
