namespace Kameleoon.Hybrid.EntityFrameworkCore.Tests;

/// <summary>What the database refuses of one person is no outage for the others.</summary>
[Collection(nameof(Databases))]
public sealed class RefusalTests(PostgreSqlServer postgres)
{
    // More than the circuit breaker needs to open.
    private const int Often = 20;

    [Fact]
    public async Task A_link_that_the_database_refuses_keeps_nobody_else_from_asking()
    {
        using var database = await Store.CreateAsync("SQLite", postgres);
        await using var site = await IdentitySite.StartAsync(database.AddTo);
        await site.Identity.GetVisitorCodeAsync("anna");
        await database.ExecuteAsync(
            """
            CREATE TRIGGER refuse BEFORE INSERT ON kameleoon_visitor_links WHEN NEW.visitor_code = 'bad'
            BEGIN SELECT RAISE(ABORT, 'refused'); END
            """);

        for (var i = 0; i < Often; i++)
        {
            (await site.GoAsync("bert", "bad")).Code.ShouldBe("bad");
            await Should.ThrowAsync<VisitorLinksUnavailableException>(async () => await site.Identity.LinkAsync("bert", "bad"));
        }

        (await site.VisitorAsync("carl")).ShouldMatch("^[a-z0-9]{16}$");
        (await site.GoAsync("dora", "doras")).Code.ShouldBe("doras");
        (await site.HealthAsync()).ShouldBe("Healthy");
        site.Log.Texts(601).ShouldBeEmpty();
        site.Log.Texts(608).ShouldHaveSingleItem();
    }

    [Fact]
    public async Task A_database_that_takes_no_writes_at_all_is_an_outage_and_everything_waits_for_its_end()
    {
        using var database = await Store.CreateAsync("SQLite", postgres);
        await using var site = await IdentitySite.StartAsync(kameleoon => database.AddTo(kameleoon).AddSharedSessions());
        await site.Identity.GetVisitorCodeAsync("anna");
        foreach (var table in new[] { "kameleoon_visitor_links", "kameleoon_visitor_sessions" })
        {
            await database.ExecuteAsync(
                $"CREATE TRIGGER full_{table} BEFORE INSERT ON {table} BEGIN SELECT RAISE(ABORT, 'disk full'); END");
        }

        foreach (var user in new[] { "bert", "carl", "dora", "emil" })
        {
            (await site.GoAsync(user, user + "s")).Code.ShouldBe(user + "s");
        }

        var clients = site.App.Services.GetRequiredService<IKameleoonClientFactory>();
        clients.ForVisitor("somebody").AddData(new CustomData(4, "gold"));
        (await site.GoAsync("anna")).Code.ShouldMatch("^[a-z0-9]{16}$");
        (await site.HealthAsync()).ShouldBe("Degraded");
        site.Log.Texts(601).ShouldHaveSingleItem();

        // Both at once: while one table takes writes, the other's refusals are no outage.
        await database.ExecuteAsync(
            "BEGIN; DROP TRIGGER full_kameleoon_visitor_links; DROP TRIGGER full_kameleoon_visitor_sessions; COMMIT");
        await Eventually.IsTrueAsync(() => site.App.Services.GetRequiredService<DeferredLinks>().Count == 0);
        await Eventually.IsTrueAsync(() => site.App.Services.GetRequiredService<SharedSessionWrites>().Count == 0);

        (await site.Identity.FindVisitorCodeAsync("bert")).ShouldBe("berts");
        (await site.Identity.FindVisitorCodeAsync("emil")).ShouldBe("emils");
        (await site.HealthAsync()).ShouldBe("Healthy");
        site.Log.Texts(607).ShouldBeEmpty();
        site.Log.Texts(223).ShouldBeEmpty();
        (await database.ExecuteAsync(
            "SELECT count(*) FROM kameleoon_visitor_sessions WHERE visitor_code = 'somebody'")).ShouldBe(1);
    }

    [Theory]
    [InlineData("no code")]
    [InlineData("a\r\nSet-Cookie: b")]
    public async Task A_row_with_something_else_than_a_code_breaks_no_page_and_keeps_nobody_else_from_asking(string code)
    {
        using var database = await Store.CreateAsync("PostgreSQL", postgres);
        await using var site = await IdentitySite.StartAsync(database.AddTo, options => options.Identity.StorePlainUserIds = true);
        await site.Identity.GetVisitorCodeAsync("anna");
        await database.ExecuteAsync(
            $"INSERT INTO kameleoon_visitor_links VALUES ('abcde12345', '{code}', 'bert', 1, NULL)");

        for (var i = 0; i < Often; i++)
        {
            (await site.GoAsync("bert", "berts")).Code.ShouldBe("berts");
            (await site.SendAsync(HttpMethod.Get, "/kameleoon/visitor", "bert")).Status.ShouldBe(503);
        }

        (await site.VisitorAsync("carl")).ShouldMatch("^[a-z0-9]{16}$");
        (await site.HealthAsync()).ShouldBe("Healthy");
        site.Log.Texts(608).ShouldHaveSingleItem();
    }

    [Fact]
    public async Task A_person_whose_row_is_locked_waits_alone()
    {
        using var database = await Store.CreateAsync("PostgreSQL", postgres);
        await using var site = await IdentitySite.StartAsync(
            database.AddTo,
            options => (options.Identity.Timeout, options.Identity.NegativeCacheDuration) = (TimeSpan.FromSeconds(1), TimeSpan.Zero));
        await site.Identity.GetVisitorCodeAsync("anna");
        await using var other = new Npgsql.NpgsqlConnection(database.Connection);
        await other.OpenAsync();
        await using var transaction = await other.BeginTransactionAsync();
        await using var insert = new Npgsql.NpgsqlCommand(
            "INSERT INTO kameleoon_visitor_links VALUES ('abcde12345', 'locked', 'somebody', 1, NULL)", other, transaction);
        await insert.ExecuteNonQueryAsync();

        for (var i = 0; i < 6; i++)
        {
            var waiting = site.GoAsync("bert", "locked");
            while (!waiting.IsCompleted)
            {
                (await site.VisitorAsync($"user{i}")).ShouldMatch("^[a-z0-9]{16}$");
                await Task.Delay(50);
            }

            (await waiting).Code.ShouldBe("locked");
        }

        (await site.VisitorAsync("carl")).ShouldMatch("^[a-z0-9]{16}$");
    }

    [Fact]
    public async Task What_the_database_refuses_of_one_visitor_s_session_holds_up_no_other_s()
    {
        using var database = await Store.CreateAsync("SQLite", postgres);
        await using var site = await IdentitySite.StartAsync(kameleoon => database.AddTo(kameleoon).AddSharedSessions());
        await site.Identity.GetVisitorCodeAsync("anna");
        var clients = site.App.Services.GetRequiredService<IKameleoonClientFactory>();
        await database.ExecuteAsync(
            """
            CREATE TRIGGER refuse BEFORE INSERT ON kameleoon_visitor_sessions WHEN NEW.visitor_code = 'bad'
            BEGIN SELECT RAISE(ABORT, 'refused'); END
            """);

        for (var i = 0; i < Often; i++)
        {
            clients.ForVisitor(i == 7 ? "bad" : $"good{i}").AddData(new CustomData(4, "gold"));
        }

        await Eventually.IsTrueAsync(() => site.App.Services.GetRequiredService<SharedSessionWrites>().Count == 0);
        (await database.ExecuteAsync("SELECT count(*) FROM kameleoon_visitor_sessions WHERE name = 'data:4'")).ShouldBe(Often - 1);
        await Eventually.IsTrueAsync(() => site.Log.Texts(223).Any());
        site.Log.Texts(223).ShouldHaveSingleItem().ShouldContain("1 changes of visitors' sessions were not shared");
        site.Log.Texts(221).ShouldBeEmpty();
        (await site.HealthAsync()).ShouldBe("Healthy");
    }

    [Fact]
    public async Task A_change_that_is_refused_just_before_the_store_accepts_others_is_written_too()
    {
        using var database = await Store.CreateAsync("SQLite", postgres);
        await using var site = await IdentitySite.StartAsync(kameleoon => database.AddTo(kameleoon).AddSharedSessions());
        await site.Identity.GetVisitorCodeAsync("anna");
        await database.ExecuteAsync(
            """
            CREATE TRIGGER late BEFORE INSERT ON kameleoon_visitor_sessions
            WHEN NEW.name = 'data:1' AND NOT EXISTS (SELECT 1 FROM kameleoon_visitor_sessions WHERE name = 'data:2')
            BEGIN SELECT RAISE(ABORT, 'disk full'); END
            """);

        site.App.Services.GetRequiredService<IKameleoonClientFactory>().ForVisitor("berts")
            .AddData(new CustomData(1, "first"), new CustomData(2, "second"));

        await Eventually.IsTrueAsync(() => site.App.Services.GetRequiredService<SharedSessionWrites>().Count == 0);
        (await database.ExecuteAsync(
            "SELECT count(*) FROM kameleoon_visitor_sessions WHERE visitor_code = 'berts' AND name IN ('data:1', 'data:2')"))
            .ShouldBe(2);
        site.Log.Texts(223).ShouldBeEmpty();
    }

    [Fact]
    public async Task A_session_s_entry_that_cannot_be_read_hides_no_other()
    {
        using var database = await Store.CreateAsync("SQLite", postgres);
        await using var site = await IdentitySite.StartAsync(kameleoon => database.AddTo(kameleoon).AddSharedSessions());
        await site.Identity.GetVisitorCodeAsync("anna");
        foreach (var (name, value) in new[] { ("data:1", "{"), ("data:2", "[null]"), ("data:3", "7"), ("data:4", "[\"gold\"]") })
        {
            await database.ExecuteAsync(
                $"""
                INSERT INTO kameleoon_visitor_sessions VALUES
                ('abcde12345', 'berts', '{name}', '{value}', 'another', unixepoch('now') * 1000, unixepoch('now') * 1000)
                """);
        }

        await site.GoAsync(code: "berts");

        var known = site.App.Services.GetRequiredService<VisitorStore>().Peek("berts").ShouldNotBeNull().Record.Known;
        known.CustomData.Entries.ToArray().ShouldHaveSingleItem().Key.ShouldBe(4);
        (await site.App.Services.GetRequiredService<IVisitorSessionStore>()
            .ReadChangesAsync(TimeSpan.FromMinutes(1), null, default)).Entries.ShouldHaveSingleItem().Name.ShouldBe("data:4");
    }
}
