using System.Net;
using System.Net.Sockets;

namespace Kameleoon.Hybrid.EntityFrameworkCore.Tests;

/// <summary>What becomes of pages, endpoints and links while the database is away.</summary>
[Collection(nameof(Databases))]
public sealed class OutageTests(PostgreSqlServer postgres)
{
    [Fact]
    public async Task While_the_database_is_down_pages_go_on_and_links_are_written_when_it_is_back()
    {
        using var database = await Store.CreateAsync("PostgreSQL", postgres);
        await using var site = await IdentitySite.StartAsync(
            database.AddTo, options => options.Identity.CacheDuration = TimeSpan.FromSeconds(1));
        await site.GoAsync("anna", "annas");
        await postgres.StopAsync();
        try
        {
            (await site.GoAsync("bert", "berts")).Code.ShouldBe("berts");
            var (status, problem) = await site.SendAsync(HttpMethod.Get, "/kameleoon/visitor", "carl");
            (status, problem.GetProperty("title").GetString()).ShouldBe((503, "Visitor codes cannot be looked up now."));
            (await site.HealthAsync()).ShouldBe("Degraded");
            site.Log.Texts(601).ShouldHaveSingleItem();
        }
        finally
        {
            await postgres.StartAsync();
        }

        await Eventually.IsTrueAsync(() => site.App.Services.GetRequiredService<DeferredLinks>().Count == 0);
        (await site.HealthAsync()).ShouldBe("Healthy");
        (await site.Identity.FindVisitorCodeAsync("bert")).ShouldBe("berts");
        (await site.GoAsync("anna", "another")).Code.ShouldBe("annas");
        site.Log.Texts(602).ShouldNotBeEmpty();
    }

    [Fact]
    public async Task An_application_starts_without_its_database_and_creates_the_tables_once_it_is_there()
    {
        using var database = await Store.CreateAsync("PostgreSQL", postgres);
        await postgres.StopAsync();
        IdentitySite? site = null;
        try
        {
            site = await IdentitySite.StartAsync(database.AddTo);
            (await site.GoAsync("anna", "annas")).Code.ShouldBe("annas");
        }
        finally
        {
            await postgres.StartAsync();
        }

        await Eventually.IsTrueAsync(() => site.App.Services.GetRequiredService<DeferredLinks>().Count == 0);
        (await site.VisitorAsync("anna")).ShouldBe("annas");
        await site.DisposeAsync();
    }

    [Fact]
    public async Task A_database_that_does_not_answer_holds_no_page_longer_than_allowed()
    {
        using var silent = new TcpListener(IPAddress.Loopback, 0);
        silent.Start();
        var port = ((IPEndPoint)silent.LocalEndpoint).Port;
        await using var site = await IdentitySite.StartAsync(
            kameleoon => kameleoon.AddPostgreSqlStore($"Host=127.0.0.1;Port={port};Username=x;Database=x;Timeout=30"),
            options => options.Identity.Timeout = TimeSpan.FromMilliseconds(200),
            services: services => services.AddSingleton<TimeProvider>(new StandingClock()));

        for (var page = 0; page < 50; page++)
        {
            (await site.GoAsync("anna", "annas")).Code.ShouldBe("annas");
        }

        // The first pages wait for a deadline each. The others do not ask during the pause that follows, which never ends here.
        var asked = 0;
        for (; silent.Pending(); asked++)
        {
            using var connection = await silent.AcceptSocketAsync();
        }

        asked.ShouldBeInRange(1, 25);
    }

    [Fact]
    public async Task A_link_that_the_database_refuses_holds_up_no_other_and_is_given_up()
    {
        using var database = await Store.CreateAsync("SQLite", postgres);
        await using var site = await IdentitySite.StartAsync(database.AddTo);
        await site.Identity.GetVisitorCodeAsync("anna");
        await using (var connection = new Microsoft.Data.Sqlite.SqliteConnection(database.Connection))
        {
            await connection.OpenAsync();
            await using var refuse = connection.CreateCommand();
            refuse.CommandText = """
                CREATE TRIGGER refuse BEFORE INSERT ON kameleoon_visitor_links WHEN NEW.visitor_code = 'bad'
                BEGIN SELECT RAISE(ABORT, 'refused'); END
                """;
            await refuse.ExecuteNonQueryAsync();
        }

        var clock = new FakeTimeProvider();
        using var deferred = ActivatorUtilities.CreateInstance<DeferredLinks>(site.App.Services, clock);

        deferred.Add("bert", "bad");
        deferred.Add("carl", "carls");
        await deferred.StartAsync(default);

        await clock.AdvanceUntilAsync(() => Task.FromResult(deferred.Count == 0));
        await deferred.StopAsync(default);
        (await site.Identity.FindVisitorCodeAsync("carl")).ShouldBe("carls");
        (await site.Identity.FindVisitorCodeAsync("bert")).ShouldBeNull();
        site.Log.Texts(607).ShouldHaveSingleItem();
        (await site.VisitorAsync("dora")).ShouldNotBeNullOrEmpty();
    }

    /// <summary>A clock that stands still, so that no pause ends, and whose timers run, so that deadlines do.</summary>
    private sealed class StandingClock : TimeProvider
    {
        private readonly DateTimeOffset _now = DateTimeOffset.UtcNow;

        public override DateTimeOffset GetUtcNow() => _now;
    }
}
