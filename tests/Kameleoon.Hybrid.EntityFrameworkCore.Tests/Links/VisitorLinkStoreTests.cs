using System.Data.Common;
using System.Diagnostics;
using System.Globalization;
using Microsoft.Data.Sqlite;
using Microsoft.EntityFrameworkCore.Diagnostics;
using Npgsql;

namespace Kameleoon.Hybrid.EntityFrameworkCore.Tests;

/// <summary>What a database keeps of people, alike in SQLite and PostgreSQL.</summary>
[Collection(nameof(Databases))]
public sealed class VisitorLinkStoreTests(PostgreSqlServer postgres) : IAsyncDisposable
{
    private static readonly DateTimeOffset Noon = new(2026, 1, 15, 12, 0, 0, TimeSpan.Zero);

    private readonly List<IAsyncDisposable> _opened = [];

    [Theory]
    [InlineData("SQLite")]
    [InlineData("PostgreSQL")]
    public async Task The_first_code_of_a_person_stays_and_later_ones_are_merged_into_it(string kind)
    {
        using var database = await Store.CreateAsync(kind, postgres);
        var store = Open(database);

        (await store.FindAsync("anna", default)).ShouldBeNull();
        (await store.LinkAsync("anna", "a1", Noon, default)).ShouldBe(new("a1", VisitorLinkOutcome.Linked));
        (await store.LinkAsync("anna", "a1", Noon, default)).ShouldBe(new("a1", VisitorLinkOutcome.Known));
        (await store.LinkAsync("anna", "a2", Noon.AddHours(-1), default)).ShouldBe(new("a1", VisitorLinkOutcome.Merged));
        (await store.LinkAsync("anna", "a2", Noon, default)).ShouldBe(new("a1", VisitorLinkOutcome.Known));

        (await store.FindAsync("anna", default)).ShouldBe("a1");
        (await store.ExportAsync("anna", default))
            .ShouldBe([new("a1", Noon, null), new("a2", Noon.AddHours(-1), "a1")]);
    }

    [Theory]
    [InlineData("SQLite")]
    [InlineData("PostgreSQL")]
    public async Task A_code_of_one_person_never_becomes_another_s(string kind)
    {
        using var database = await Store.CreateAsync(kind, postgres);
        var store = Open(database);
        await store.LinkAsync("anna", "a1", Noon, default);
        await store.LinkAsync("anna", "a2", Noon, default);

        (await store.LinkAsync("bert", "a1", Noon, default)).ShouldBe(new(null, VisitorLinkOutcome.Foreign));
        (await store.LinkAsync("bert", "a2", Noon, default)).ShouldBe(new(null, VisitorLinkOutcome.Foreign));
        (await store.LinkAsync("bert", "b1", Noon, default)).ShouldBe(new("b1", VisitorLinkOutcome.Linked));
        (await store.LinkAsync("bert", "a2", Noon, default)).ShouldBe(new("b1", VisitorLinkOutcome.Foreign));

        (await store.ExportAsync("bert", default)).Select(link => link.VisitorCode).ShouldBe(["b1"]);
    }

    [Theory]
    [InlineData("SQLite")]
    [InlineData("PostgreSQL")]
    public async Task Who_is_forgotten_leaves_nothing_behind_and_can_come_back_as_somebody_new(string kind)
    {
        using var database = await Store.CreateAsync(kind, postgres);
        var store = Open(database);
        await store.LinkAsync("anna", "a1", Noon, default);
        await store.LinkAsync("anna", "a2", Noon, default);
        await store.LinkAsync("bert", "b1", Noon, default);

        (await store.ForgetAsync("anna", default)).Order(StringComparer.Ordinal).ShouldBe(["a1", "a2"]);

        (await store.ExportAsync("anna", default)).ShouldBeEmpty();
        (await store.ForgetAsync("anna", default)).ShouldBeEmpty();
        (await store.FindAsync("bert", default)).ShouldBe("b1");
        (await store.LinkAsync("anna", "a2", Noon, default)).ShouldBe(new("a2", VisitorLinkOutcome.Linked));
    }

    [Theory]
    [InlineData("SQLite")]
    [InlineData("PostgreSQL")]
    public async Task Nobody_fills_the_history_however_many_codes_they_tell(string kind)
    {
        using var database = await Store.CreateAsync(kind, postgres);
        var store = Open(database);
        await store.LinkAsync("mallory", "m1", Noon, default);
        await database.ExecuteAsync(
            $"""
            INSERT INTO kameleoon_visitor_links
            WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < {VisitorLinkStore.MaxMerged - 1})
            SELECT 'abcde12345', 'told' || i, 'mallory', 0, 'm1' FROM n
            """);

        (await store.LinkAsync("mallory", "last", Noon, default)).Outcome.ShouldBe(VisitorLinkOutcome.Merged);
        (await store.LinkAsync("mallory", "more", Noon, default)).ShouldBe(new("m1", VisitorLinkOutcome.Foreign));
        (await store.LinkAsync("anna", "more", Noon, default)).Outcome.ShouldBe(VisitorLinkOutcome.Linked);
    }

    [Theory]
    [InlineData("SQLite")]
    [InlineData("PostgreSQL")]
    public async Task Looking_up_a_person_is_one_query_that_an_index_answers(string kind)
    {
        using var commands = new CommandLog();
        using var database = await Store.CreateAsync(kind, postgres);
        var store = Open(database);
        for (var i = 0; i < 200; i++)
        {
            await store.LinkAsync($"u{i}", $"c{i}", Noon, default);
        }

        commands.Clear();
        (await store.FindAsync("u7", default)).ShouldBe("c7");
        var sql = commands.Texts.ShouldHaveSingleItem();

        (await PlanAsync(database, sql)).ShouldContain("kameleoon_visitor_links_");
    }

    [Theory]
    [InlineData("SQLite")]
    [InlineData("PostgreSQL")]
    public async Task Two_servers_that_start_at_once_create_the_tables_once(string kind)
    {
        using var database = await Store.CreateAsync(kind, postgres);
        var servers = Enumerable.Range(0, 8).Select(_ => Open(database)).ToList();

        var found = await Task.WhenAll(servers.Select(server => Task.Run(async () => await server.FindAsync("anna", default))));

        found.ShouldAllBe(code => code == null);
    }

    [Theory]
    [InlineData("SQLite")]
    [InlineData("PostgreSQL")]
    public async Task A_key_is_new_once_for_each_caller(string kind)
    {
        using var database = await Store.CreateAsync(kind, postgres);
        var keys = Services(database).GetRequiredService<IIdempotencyKeyStore>();

        var key = new IdempotencyKey("a1", "k", Guid.NewGuid());
        (await keys.ClaimAsync(key, "bought", default)).ShouldBe(IdempotencyClaim.New);
        await keys.ConfirmAsync(key, default);
        (await keys.ClaimAsync(new("a1", "k", Guid.NewGuid()), "bought", default)).ShouldBe(IdempotencyClaim.Repeated);
        (await keys.ClaimAsync(new("a1", "k", Guid.NewGuid()), "sold", default)).ShouldBe(IdempotencyClaim.Other);
        (await keys.ClaimAsync(new("b1", "k", Guid.NewGuid()), "sold", default)).ShouldBe(IdempotencyClaim.New);
    }

    [Fact]
    public async Task Two_sites_in_one_database_know_nothing_of_each_other()
    {
        using var database = await Store.CreateAsync("SQLite", postgres);
        var first = Open(database);
        var second = Services(database, "other12345").GetRequiredService<IVisitorLinkStore>();
        await first.LinkAsync("anna", "a1", Noon, default);

        (await second.FindAsync("anna", default)).ShouldBeNull();
        (await second.LinkAsync("anna", "a1", Noon, default)).Outcome.ShouldBe(VisitorLinkOutcome.Linked);
    }

    public async ValueTask DisposeAsync()
    {
        foreach (var opened in _opened)
        {
            await opened.DisposeAsync();
        }
    }

    private IVisitorLinkStore Open(Store database) => Services(database).GetRequiredService<IVisitorLinkStore>();

    private ServiceProvider Services(Store database, string site = "abcde12345")
    {
        var services = new ServiceCollection();
        database.AddTo(services.AddLogging().AddKameleoonHybrid(options =>
        {
            options.SiteCode = site;
            options.Identity.StorePlainUserIds = true;
        }));
        var provider = services.BuildServiceProvider();
        _opened.Add(provider);
        return provider;
    }

    private static async Task<string> PlanAsync(Store database, string sql)
    {
        await using DbConnection connection = database.IsSqlite
            ? new SqliteConnection(database.Connection)
            : new NpgsqlConnection(database.Connection);
        await connection.OpenAsync();
        await using var command = connection.CreateCommand();
#pragma warning disable CA2100 // The library's own query.
        command.CommandText = database.IsSqlite
            ? "EXPLAIN QUERY PLAN " + sql
            : "SET enable_seqscan = off; EXPLAIN " + sql;
#pragma warning restore CA2100
        foreach (var name in new[] { "site", "user" })
        {
            var parameter = command.CreateParameter();
            parameter.ParameterName = "@" + name;
            parameter.Value = name;
            command.Parameters.Add(parameter);
        }

        var plan = "";
        await using var reader = await command.ExecuteReaderAsync();
        while (await reader.ReadAsync())
        {
            plan += Convert.ToString(reader.GetValue(reader.FieldCount - 1), CultureInfo.InvariantCulture) + "\n";
        }

        return plan;
    }

    /// <summary>The commands that Entity Framework sends.</summary>
    private sealed class CommandLog : IObserver<DiagnosticListener>, IObserver<KeyValuePair<string, object?>>, IDisposable
    {
        private readonly List<IDisposable> _subscriptions = [];
        private readonly List<string> _texts = [];

        internal CommandLog() => _subscriptions.Add(DiagnosticListener.AllListeners.Subscribe(this));

        internal IReadOnlyList<string> Texts => _texts;

        internal void Clear() => _texts.Clear();

        public void OnNext(DiagnosticListener value)
        {
            if (value.Name == "Microsoft.EntityFrameworkCore")
            {
                _subscriptions.Add(value.Subscribe(this));
            }
        }

        public void OnNext(KeyValuePair<string, object?> value)
        {
            if (value.Value is CommandExecutedEventData executed)
            {
                _texts.Add(executed.Command.CommandText);
            }
        }

        public void OnCompleted()
        {
        }

        public void OnError(Exception error)
        {
        }

        public void Dispose() => _subscriptions.ForEach(subscription => subscription.Dispose());
    }
}
