using System.Globalization;
using Microsoft.Extensions.Configuration;

namespace Kameleoon.Hybrid.EntityFrameworkCore.Tests;

/// <summary>A shop with shared sessions and an outbox as a process of its own, which can be killed: this assembly's program. An order is
/// confirmed once its conversion is safe.</summary>
internal static class OrderHost
{
    private const string DataFile = """{ "configuration": { "consentType": "NOT_REQUIRED" }, "featureFlags": [] }""";

    private static async Task Main(string[] args)
    {
        var builder = WebApplication.CreateSlimBuilder(args);
        var kameleoon = builder.Services.AddKameleoonHybrid(options =>
        {
            options.SiteCode = "abcde12345";
            options.Identity.StorePlainUserIds = true;
            options.Endpoints.Tracking = builder.Configuration.GetValue<Uri>("DataApi");
            options.Resilience.Tracking.Retries = 0;
            options.Resilience.Tracking.RetryDelay = TimeSpan.FromMilliseconds(20);
            options.Resilience.Tracking.BreakRatio = 1; // the pauses of the sender are enough
        }).UseDataFile(new InMemoryDataFile(DataFile));
        _ = builder.Configuration.GetConnectionString("PostgreSql") is { } farm
            ? kameleoon.AddPostgreSqlStore(farm)
            : kameleoon.AddSqliteStore(builder.Configuration.GetConnectionString("Sqlite")!);
        kameleoon.AddSharedSessions().AddTrackingOutbox();
        builder.Services.AddAuthorization();

        var app = builder.Build();
        app.MapPost("/orders/{number}", async (int number, IKameleoonClientFactory clients) =>
        {
            var client = clients.ForVisitor(string.Create(CultureInfo.InvariantCulture, $"visitor{number % 50}"));
            client.TrackConversion(1, number);
            return await client.FlushAsync() ? Results.NoContent() : Results.StatusCode(503);
        });
        app.UseAuthorization();
        app.UseKameleoonVisitorCode();
        app.MapKameleoonIdentity().AllowAnonymous();
        await app.RunAsync();
    }
}
