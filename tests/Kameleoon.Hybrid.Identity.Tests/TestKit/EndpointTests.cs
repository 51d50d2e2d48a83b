namespace Kameleoon.Hybrid.Identity.Tests;

/// <summary>Tests of what applications and pages ask over HTTP, each with a site and a database of its own.</summary>
public abstract class EndpointTests(PostgreSqlServer postgres) : IAsyncLifetime
{
    private protected const string Bought = """{"events":[{"type":"conversion","goalId":3001,"revenue":19.90}]}""";

    private protected Store Database { get; private set; } = null!;

    private protected IdentitySite Site { get; private set; } = null!;

    public async Task InitializeAsync()
    {
        Database = await Store.CreateAsync("SQLite", postgres);
        Site = await IdentitySite.StartAsync(Database.AddTo);
    }

    public async Task DisposeAsync()
    {
        await Site.DisposeAsync();
        Database.Dispose();
    }

    private protected async Task<(int Status, string Answer)> SyncAsync(string user, string code)
    {
        var (status, body) = await Site.SendAsync(
            HttpMethod.Post, "/kameleoon/visitor/sync", user, $$"""{"visitorCode":"{{code}}"}""");
        return (status, $"{body.GetProperty("visitorCode")} {body.GetProperty("outcome").GetString()}");
    }
}
