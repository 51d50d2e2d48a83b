using System.Diagnostics;
using System.Globalization;
using System.Text;
using Microsoft.Extensions.Logging;

namespace Kameleoon.Hybrid.Benchmarks;

/// <summary>How long a change on one server takes to another that knows the visitor: from the answer to the request that made
/// it until the other server has it.</summary>
/// <remarks>Two servers on Kestrel in this process, and a store on loopback.</remarks>
internal static class FarmNotices
{
    private const long Experiment = 200_000;

    internal static async Task PrintAsync(Func<IKameleoonBuilder, IKameleoonBuilder> store, int changes)
    {
        await using var first = await StartAsync(store);
        await using var second = await StartAsync(store);
        using var http = new HttpClient();
        string[] visitors = [.. Enumerable.Range(0, 100).Select(static i => string.Create(CultureInfo.InvariantCulture, $"visitor{i}"))];
        foreach (var visitor in visitors)
        {
            await AskAsync(http, first, "/", visitor);
            await AskAsync(http, second, "/", visitor);
        }

        var others = second.Services.GetRequiredService<VisitorStore>();
        var times = new List<double>(changes);
        for (var i = 0; i < changes; i++)
        {
            var (visitor, isForced) = (visitors[i % visitors.Length], i / visitors.Length % 2 == 0);
            await AskAsync(http, first, isForced ? "/force" : "/release", visitor);
            var answered = Stopwatch.GetTimestamp();
            while (others.Peek(visitor)!.Record.Known.Forced.IsEmpty == isForced)
            {
                await Task.Delay(TimeSpan.FromMicroseconds(1));
            }

            times.Add(Stopwatch.GetElapsedTime(answered).TotalMilliseconds);
        }

        times.Sort();
        Console.WriteLine(string.Create(
            CultureInfo.InvariantCulture,
            $"{changes} changes: median {times[changes / 2]:F1} ms, 99 of 100 within {times[changes * 99 / 100]:F1} ms, the slowest {times[^1]:F1} ms"));
    }

    private static async Task<WebApplication> StartAsync(Func<IKameleoonBuilder, IKameleoonBuilder> store)
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        store(builder.Services.AddKameleoonHybrid(static options =>
        {
            options.SiteCode = "abcde12345";
            options.Identity.HashKey = "a secret of the benchmarks, 32 characters";
            options.Endpoints.Tracking = new Uri("http://127.0.0.1:1");
        }).UseDataFile(new InMemoryDataFile(Encoding.UTF8.GetString(BenchmarkSite.Write(1)))));
        var app = builder.Build();
        app.Urls.Add("http://127.0.0.1:0");
        app.UseKameleoonVisitorCode();
        app.MapGet("/", static (IKameleoonClient client) => client.GetVisitorCode());
        app.MapGet("/force", static (IKameleoonClient client) => Force(client, "on"));
        app.MapGet("/release", static (IKameleoonClient client) => Force(client, key: null));
        await app.StartAsync();
        return app;
    }

    private static string Force(IKameleoonClient client, string? key) => client.SetForcedVariation(Experiment, key).ToString();

    private static async Task AskAsync(HttpClient http, WebApplication server, string path, string visitor)
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, server.Urls.First() + path);
        request.Headers.Add("Cookie", "kameleoonVisitorCode=" + visitor);
        using var response = await http.SendAsync(request);
        response.EnsureSuccessStatusCode();
    }
}
