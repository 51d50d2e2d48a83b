using System.Collections.Concurrent;
using System.Diagnostics;
using System.Globalization;
using System.Net;
using System.Net.Http.Headers;
using System.Net.Http.Json;
using System.Text.Json;

namespace Kameleoon.Hybrid.EntityFrameworkCore.Tests;

/// <summary>An application as a process of its own, which can be killed: the sample back end, or a shop.</summary>
internal sealed class HostProcess : IAsyncDisposable
{
    private readonly Process _process;
    private readonly HttpClient _http;

    private HostProcess(Process process, Uri address)
    {
        _process = process;
        _http = new HttpClient { BaseAddress = address };
    }

    internal static string Sample { get; } = FindSample();

    /// <summary>Starts the sample.</summary>
    /// <param name="store">Its database.</param>
    /// <param name="before">What the shell does before, such as setting a limit.</param>
    /// <param name="phone">Whether a phone uses it first.</param>
    internal static Task<HostProcess> StartAsync(Store store, string before = ":", bool phone = false) => StartAsync(
        store, before, "OnePerson.dll", "--contentRoot", Sample, "--environment", "Development",
        "--Phone", phone ? "true" : "false", "--Kameleoon:Identity:Timeout", "00:00:20"); // a busy machine is no outage

    /// <summary>Starts a shop with an outbox.</summary>
    internal static Task<HostProcess> StartOrdersAsync(Store store, Uri dataApi) => StartAsync(
        store, ":", Path.GetFileName(typeof(OrderHost).Assembly.Location), "--DataApi", dataApi.ToString());

    private static async Task<HostProcess> StartAsync(
        Store store, string before, string program, params string[] arguments)
    {
        var name = store.IsSqlite ? "Sqlite" : "PostgreSql";
        var process = Process.Start(new ProcessStartInfo("bash", ["-c", before + "; exec dotnet \"$0\" \"$@\"",
            Path.Combine(AppContext.BaseDirectory, program), "--urls", "http://127.0.0.1:0",
            $"--ConnectionStrings:{name}", store.Connection, .. arguments])
        {
            RedirectStandardOutput = true,
            UseShellExecute = false,
        })!;
        while (await process.StandardOutput.ReadLineAsync() is { } line)
        {
            if (line.Split("Now listening on: ") is [_, var address])
            {
                var host = new HostProcess(process, new Uri(address));
                _ = host.ReadAsync(); // or it would block once the pipe is full
                return host;
            }
        }

        throw new InvalidOperationException("The back end did not start.");
    }

    /// <summary>What it wrote since it listens.</summary>
    internal ConcurrentQueue<string> Lines { get; } = new();

    internal Task<string> HealthAsync() => _http.GetStringAsync(new Uri("/health", UriKind.Relative));

    /// <summary>Signs a phone in.</summary>
    internal async Task<string> SignInAsync(string user)
    {
        using var response = await _http.PostAsync(new Uri("/phone/sign-in?name=" + user, UriKind.Relative), null);
        return (await response.Content.ReadFromJsonAsync<JsonElement>()).GetProperty("accessToken").GetString()!;
    }

    /// <summary>The user's code, or null when the server said that it cannot tell.</summary>
    internal async Task<string?> VisitorAsync(string token) => (await AskVisitorAsync(token)).Code;

    /// <summary>The same with the status.</summary>
    internal async Task<(HttpStatusCode Status, string? Code)> AskVisitorAsync(string token)
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, "/kameleoon/visitor")
        {
            Headers = { Authorization = new AuthenticationHeaderValue("Bearer", token) },
        };
        using var response = await _http.SendAsync(request);
        return (response.StatusCode, response.IsSuccessStatusCode
            ? (await response.Content.ReadFromJsonAsync<JsonElement>()).GetProperty("visitorCode").GetString()
            : null);
    }

    /// <summary>Orders something.</summary>
    /// <returns>Whether the shop confirmed it.</returns>
    internal async Task<bool> OrderAsync(int number)
    {
        using var response = await _http.PostAsync(
            new Uri(string.Create(CultureInfo.InvariantCulture, $"/orders/{number}"), UriKind.Relative), null);
        return response.IsSuccessStatusCode;
    }

    /// <summary>Sends the purchase of an order, with an id and a key.</summary>
    /// <returns>Whether the shop confirmed it.</returns>
    internal async Task<bool> SendPurchaseAsync(int number)
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, "/kameleoon/events");
        request.Headers.Add("Cookie", string.Create(CultureInfo.InvariantCulture, $"kameleoonVisitorCode=visitor{number % 50}"));
        request.Headers.Add("Idempotency-Key", string.Create(CultureInfo.InvariantCulture, $"order-{number}"));
        request.Content = new StringContent(
            string.Create(CultureInfo.InvariantCulture, $$"""{"events":[{"type":"conversion","goalId":1,"revenue":{{number}},"id":"order-{{number}}"}]}"""),
            System.Text.Encoding.UTF8,
            "application/json");
        using var response = await _http.SendAsync(request);
        return response.StatusCode is HttpStatusCode.Accepted or HttpStatusCode.ServiceUnavailable
            ? response.IsSuccessStatusCode
            : throw new InvalidOperationException($"The shop answered {response.StatusCode}.");
    }

    /// <summary>Ends it without a word.</summary>
    internal async Task KillAsync()
    {
        _process.Kill();
        await _process.WaitForExitAsync();
    }

    public async ValueTask DisposeAsync()
    {
        if (!_process.HasExited)
        {
            await KillAsync();
        }

        _process.Dispose();
        _http.Dispose();
    }

    private async Task ReadAsync()
    {
        while (await _process.StandardOutput.ReadLineAsync() is { } line)
        {
            Lines.Enqueue(line);
        }
    }

    private static string FindSample()
    {
        var folder = new DirectoryInfo(AppContext.BaseDirectory);
        while (!File.Exists(Path.Combine(folder.FullName, "Kameleoon.Hybrid.sln")))
        {
            folder = folder.Parent ?? throw new InvalidOperationException("The tests run outside of the repository.");
        }

        return Path.Combine(folder.FullName, "samples", "OnePerson");
    }
}
