using System.Collections.Concurrent;
using System.Globalization;
using System.Net;

namespace Kameleoon.Hybrid.EntityFrameworkCore.Tests;

/// <summary>What a user was told stays true, whatever is killed in the middle.</summary>
[Collection(nameof(Databases))]
public sealed class CrashTests(PostgreSqlServer postgres)
{
    private const int Users = 300;

    [Theory]
    [InlineData("PostgreSQL")]
    [InlineData("SQLite")]
    public async Task A_server_that_is_killed_has_lost_no_link_it_told_anybody_of(string kind)
    {
        using var database = await Store.CreateAsync(kind, postgres);
        await using var first = await HostProcess.StartAsync(database);
        var tokens = await SignInAsync(first);
        var told = new ConcurrentDictionary<int, string>();

        var asking = AskAsync(first, tokens, told);
        await Eventually.IsTrueAsync(() => told.Count > Users / 4);
        await first.KillAsync();
        await asking;
        told.Count.ShouldBeLessThan(Users);
        await using var second = await HostProcess.StartAsync(database);

        await ShouldKnowAllAsync(second, await SignInAsync(second), told);
    }

    [Fact]
    public async Task A_database_that_is_killed_has_lost_no_link_it_told_anybody_of()
    {
        using var database = await Store.CreateAsync("PostgreSQL", postgres);
        await using var server = await HostProcess.StartAsync(database);
        var tokens = await SignInAsync(server);
        var told = new ConcurrentDictionary<int, string>();

        var asking = AskAsync(server, tokens, told);
        await Eventually.IsTrueAsync(() => told.Count > Users / 4);
        await postgres.KillAsync();
        await asking;
        await postgres.StartAsync();
        await using var fresh = await HostProcess.StartAsync(database);

        await Eventually.IsTrueAsync(async () => await server.VisitorAsync(tokens[0]) is not null);
        await ShouldKnowAllAsync(fresh, tokens, told);
    }

    [Fact]
    public async Task A_disk_that_is_full_refuses_new_users_says_so_and_still_knows_the_others()
    {
        using var database = await Store.CreateAsync("SQLite", postgres);

        // A file may have 1 MB. What maps memory by files is switched off in the runtime.
        await using var server = await HostProcess.StartAsync(
            database, "export DOTNET_EnableWriteXorExecute=0; trap '' XFSZ; ulimit -f 1024");
        var known = new List<(string Token, string Code)>();
        string? refused = null;
        for (var user = 0; refused is null; user++)
        {
            var token = await server.SignInAsync(string.Create(CultureInfo.InvariantCulture, $"user-{user}"));
            if (await server.VisitorAsync(token) is { } code)
            {
                known.Add((token, code));
            }
            else
            {
                refused = token;
            }
        }

        known.Count.ShouldBeGreaterThan(10);
        foreach (var late in new[] { "late-1", "late-2", "late-3" })
        {
            (await server.AskVisitorAsync(await server.SignInAsync(late))).Status.ShouldBe(HttpStatusCode.ServiceUnavailable);
        }

        (await server.HealthAsync()).ShouldBe("Degraded");
        await Eventually.IsTrueAsync(() => server.Lines.Any(line => line.EndsWith("LinkStoreAccess[601]", StringComparison.Ordinal)));
        foreach (var (token, code) in known)
        {
            (await server.VisitorAsync(token)).ShouldBe(code);
        }

        await server.KillAsync();
        await using var roomy = await HostProcess.StartAsync(database);
        (await roomy.VisitorAsync(known[^1].Token)).ShouldBe(known[^1].Code);
        (await roomy.VisitorAsync(refused)).ShouldNotBeNull();
    }

    private static async Task<string[]> SignInAsync(HostProcess server)
    {
        var tokens = new string[Users];
        await Parallel.ForAsync(0, Users, async (i, _) =>
            tokens[i] = await server.SignInAsync(string.Create(CultureInfo.InvariantCulture, $"user-{i}")));
        return tokens;
    }

    // Each user asks twice, so that some are in the middle of being written whenever the server dies.
    private static Task AskAsync(HostProcess server, string[] tokens, ConcurrentDictionary<int, string> told) =>
        Parallel.ForAsync(0, Users * 2, new ParallelOptions { MaxDegreeOfParallelism = 8 }, async (i, _) =>
        {
            try
            {
                if (await server.VisitorAsync(tokens[i / 2]) is { } code)
                {
                    told.GetOrAdd(i / 2, code).ShouldBe(code);
                }
            }
            catch (Exception e) when (e is HttpRequestException or System.Net.Sockets.SocketException)
            {
                // Killed.
            }
        });

    private static async Task ShouldKnowAllAsync(
        HostProcess server, string[] tokens, ConcurrentDictionary<int, string> told)
    {
        var codes = new string?[Users];
        await Parallel.ForAsync(0, Users, async (i, _) => codes[i] = await server.VisitorAsync(tokens[i]));

        codes.ShouldAllBe(code => code != null);
        codes.Distinct(StringComparer.Ordinal).Count().ShouldBe(Users);
        foreach (var (user, code) in told)
        {
            codes[user].ShouldBe(code);
        }
    }
}
