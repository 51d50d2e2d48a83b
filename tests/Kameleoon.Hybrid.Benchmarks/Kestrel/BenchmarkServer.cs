using System.Globalization;
using System.Text;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;

namespace Kameleoon.Hybrid.Benchmarks;

/// <summary>A server with one small page: without us, with a known visitor, or with a decision and its tracking code.
/// </summary>
internal static class BenchmarkServer
{
    /// <summary>What a returning visitor's browser sends.</summary>
    internal static readonly string Cookies = string.Create(
        CultureInfo.InvariantCulture,
        $"theme=dark; kameleoonVisitorCode=vc10ctbql0zpf4rw; kameleoonVisitorCodeStamp={Today}.vc10ctbql0zpf4rw");

    private static long Today => TimeProvider.System.GetUtcNow().ToUnixTimeSeconds() / 86400;

    internal static async Task RunAsync(string kind, int port)
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        var isOurs = !kind.StartsWith("bare", StringComparison.Ordinal);
        if (isOurs)
        {
            builder.Services.AddKameleoonHybrid(options => options.SiteCode = "abcde12345")
                .UseDataFile(new InMemoryDataFile(Encoding.UTF8.GetString(BenchmarkSite.Write(50))));
        }

        await using var app = builder.Build();
        app.Urls.Add(string.Create(CultureInfo.InvariantCulture, $"http://127.0.0.1:{port}"));
        if (isOurs)
        {
            app.UseKameleoonVisitorCode();
        }

        app.Run(kind is "decided" ? Decided : static context => context.Response.WriteAsync("page"));
        await app.RunAsync();
    }

    private static Task Decided(HttpContext context)
    {
        var client = context.RequestServices.GetRequiredService<IKameleoonClient>();
        client.GetVariation(BenchmarkSite.Key(0));
        return context.Response.WriteAsync(client.GetEngineTrackingCode());
    }
}
