namespace Kameleoon.Hybrid.Identity.Tests;

/// <summary>Who is forgotten is forgotten everywhere, and stays it.</summary>
[Collection(nameof(Databases))]
public sealed class ForgetTests(PostgreSqlServer postgres)
{
    private const string Bought = """{"events":[{"type":"conversion","goalId":3001}]}""";

    [Theory]
    [InlineData("SQLite")]
    [InlineData("PostgreSQL")]
    public async Task Keys_sessions_and_memory_go_with_the_person(string kind)
    {
        using var database = await Store.CreateAsync(kind, postgres);
        await using var site = await IdentitySite.StartAsync(kameleoon => database.AddTo(kameleoon).AddSharedSessions());
        using var dropped = new CollectedMetrics(site.App.Services);
        await site.SendAsync(HttpMethod.Post, "/kameleoon/events", "anna", Bought, code: "annas", key: "order-7");
        site.App.Services.GetRequiredService<IKameleoonClientFactory>().ForVisitor("annas").AddData(new CustomData(4, "gold"));
        await Eventually.IsTrueAsync(async () =>
            await database.ExecuteAsync("SELECT count(*) FROM kameleoon_visitor_sessions WHERE visitor_code = 'annas'") > 0);

        (await site.Identity.ForgetAsync("anna")).ShouldBe(["annas"]);

        (await database.ExecuteAsync("SELECT count(*) FROM kameleoon_idempotency_keys")).ShouldBe(0);
        (await database.ExecuteAsync("SELECT count(*) FROM kameleoon_visitor_sessions")).ShouldBe(0);
        site.App.Services.GetRequiredService<VisitorStore>().Peek("annas").ShouldBeNull();
        dropped.Sum("kameleoon.events.dropped", "reason", "forgotten").ShouldBe(1);
        (await site.Identity.FindVisitorCodeAsync("anna")).ShouldBeNull();
    }

    [Fact]
    public async Task What_fails_in_the_middle_changes_nothing_and_can_be_repeated()
    {
        using var database = await Store.CreateAsync("SQLite", postgres);
        await using var site = await IdentitySite.StartAsync(database.AddTo);
        await site.Identity.LinkAsync("anna", "a1");
        await site.Identity.LinkAsync("anna", "a2");
        await site.SendAsync(HttpMethod.Post, "/kameleoon/events", "anna", Bought, code: "a1", key: "order-7");
        await database.ExecuteAsync(
            "CREATE TRIGGER refuse BEFORE DELETE ON kameleoon_idempotency_keys BEGIN SELECT RAISE(ABORT, 'refused'); END");

        await Should.ThrowAsync<VisitorLinksUnavailableException>(async () => await site.Identity.ForgetAsync("anna"));
        (await site.Identity.ExportAsync("anna")).Count.ShouldBe(2);
        await database.ExecuteAsync("DROP TRIGGER refuse");

        (await site.Identity.ForgetAsync("anna")).ShouldBe(["a1", "a2"]);
        (await site.Identity.ExportAsync("anna")).ShouldBeEmpty();
        (await database.ExecuteAsync("SELECT count(*) FROM kameleoon_idempotency_keys")).ShouldBe(0);
    }

    [Fact]
    public async Task A_link_that_waits_is_not_written_after_its_person_was_forgotten()
    {
        using var database = await Store.CreateAsync("SQLite", postgres);
        await using var site = await IdentitySite.StartAsync(database.AddTo, services: TroubledStore.Use);
        var store = TroubledStore.Of(site);
        var deferred = site.App.Services.GetRequiredService<DeferredLinks>();
        store.Before = static _ => throw new InvalidOperationException("away");
        (await site.GoAsync("anna", "annas")).Code.ShouldBe("annas");
        (await site.GoAsync("bert", "berts")).Code.ShouldBe("berts");
        deferred.Count.ShouldBe(2);

        store.Before = static _ => { };
        await site.Identity.ForgetAsync("anna");

        await Eventually.IsTrueAsync(() => deferred.Count == 0);
        (await site.Identity.FindVisitorCodeAsync("anna")).ShouldBeNull();
        await Eventually.IsTrueAsync(async () => await database.ExecuteAsync("SELECT count(*) FROM kameleoon_visitor_links") == 1);
    }

    [Fact]
    public async Task A_look_up_that_was_on_its_way_does_not_bring_the_forgotten_back()
    {
        using var database = await Store.CreateAsync("SQLite", postgres);
        await using var site = await IdentitySite.StartAsync(database.AddTo, services: TroubledStore.Use);
        var store = TroubledStore.Of(site);
        await store.LinkAsync(site.App.Services.GetRequiredService<UserKeys>().Of("anna"), "annas", DateTimeOffset.UnixEpoch, default);
        var (read, goOn) = (NewSource(), NewSource());
        store.After = call =>
        {
            read.TrySetResult();
            return call == nameof(IVisitorLinkStore.FindAsync) ? goOn.Task : Task.CompletedTask;
        };

        var looking = site.Identity.FindVisitorCodeAsync("anna");
        await read.Task;
        await site.Identity.ForgetAsync("anna");
        goOn.SetResult();

        (await looking).ShouldBe("annas");
        (await site.Identity.FindVisitorCodeAsync("anna")).ShouldBeNull();
    }

    [Fact]
    public async Task What_a_page_passed_to_the_engine_is_not_taken_back_for_the_forgotten()
    {
        using var database = await Store.CreateAsync("SQLite", postgres);
        await using var site = await IdentitySite.StartAsync(database.AddTo);
        var handed = site.App.Services.GetRequiredService<HandedExposures>();
        foreach (var code in (string[])["annas", "annas-code-on-the-phone", "berts"])
        {
            await site.Identity.LinkAsync(code[..4], code);
            var ledger = new ExposureLedger();
            ledger.Add(new Exposure(7001, 81001, RunsInBrowser: false, IsTargetedDelivery: false), track: true)!.GiveToEngine();
            handed.Note(code, new DefaultHttpContext { Request = { Path = "/page" } }.Request, ledger);
            handed.Complete(code, ledger);
        }

        await site.Identity.ForgetAsync("anna");

        var next = new DefaultHttpContext().Request;
        handed.TakeBack("annas", next).ShouldBeEmpty();
        handed.TakeBack("annas-code-on-the-phone", next).ShouldBeEmpty();
        handed.TakeBack("berts", next).ShouldHaveSingleItem();
    }

    [Fact]
    public async Task Keys_in_memory_go_with_the_person()
    {
        using var database = await Store.CreateAsync("SQLite", postgres);
        await using var site = await IdentitySite.StartAsync(database.AddTo, services: services =>
            services.AddSingleton<IIdempotencyKeyStore>(static provider => provider.GetRequiredService<InMemoryIdempotencyKeys>()));
        var keys = site.App.Services.GetRequiredService<InMemoryIdempotencyKeys>();
        await site.SendAsync(HttpMethod.Post, "/kameleoon/events", "anna", Bought, code: "annas", key: "order-7");
        await site.SendAsync(HttpMethod.Post, "/kameleoon/events", "bert", Bought, code: "berts", key: "order-8");

        await site.Identity.ForgetAsync("anna");

        (await keys.ClaimAsync(new IdempotencyKey("annas", "order-7", Guid.NewGuid()), "other", default)).ShouldBe(IdempotencyClaim.New);
        (await keys.ClaimAsync(new IdempotencyKey("berts", "order-8", Guid.NewGuid()), "other", default)).ShouldBe(IdempotencyClaim.Other);
    }

    [Fact]
    public async Task What_servers_share_is_not_written_after_its_person_was_forgotten()
    {
        using var database = await Store.CreateAsync("SQLite", postgres);
        await using var site = await StartWithSlowSessionsAsync(database);
        var sessions = SlowSessions.Of(site);
        await site.Identity.LinkAsync("anna", "annas");
        site.App.Services.GetRequiredService<IKameleoonClientFactory>().ForVisitor("annas").AddData(new CustomData(4, "gold"));
        await sessions.Saving.Task;

        var forgetting = site.Identity.ForgetAsync("anna").AsTask();
        await Task.WhenAny(forgetting, Task.Delay(TimeSpan.FromSeconds(1)));
        sessions.GoOn.SetResult();
        await forgetting;

        await Eventually.IsTrueAsync(() => sessions.Saved.Task.IsCompleted);
        (await database.ExecuteAsync("SELECT count(*) FROM kameleoon_visitor_sessions")).ShouldBe(0);
    }

    [Fact]
    public async Task What_servers_share_is_not_written_while_its_person_is_forgotten()
    {
        using var database = await Store.CreateAsync("SQLite", postgres);
        await using var site = await StartWithSlowSessionsAsync(database, TroubledStore.Use);
        var sessions = SlowSessions.Of(site);
        sessions.GoOn.SetResult();
        await site.Identity.LinkAsync("anna", "annas");
        var writes = site.App.Services.GetRequiredService<SharedSessionWrites>();
        await Eventually.IsTrueAsync(() => writes.Count == 0);
        var (deleted, answer) = PauseForgetting(site);

        var forgetting = site.Identity.ForgetAsync("anna").AsTask();
        await deleted.Task;
        sessions.Saved = NewSource();
        site.App.Services.GetRequiredService<IKameleoonClientFactory>().ForVisitor("annas").AddData(new CustomData(4, "gold"));
        await Task.WhenAny(sessions.Saved.Task, Task.Delay(TimeSpan.FromSeconds(1)));
        sessions.Saved.Task.IsCompleted.ShouldBeFalse();
        answer.SetResult();
        await forgetting;

        writes.Count.ShouldBe(0);
        (await database.ExecuteAsync("SELECT count(*) FROM kameleoon_visitor_sessions")).ShouldBe(0);
    }

    [Fact]
    public async Task A_server_that_stops_does_not_wait_until_a_person_is_forgotten()
    {
        using var database = await Store.CreateAsync("SQLite", postgres);
        await using var site = await IdentitySite.StartAsync(
            kameleoon => database.AddTo(kameleoon).AddSharedSessions(),
            options => options.StopTimeout = TimeSpan.FromMilliseconds(100),
            services: TroubledStore.Use);
        await site.Identity.LinkAsync("anna", "annas");
        var (deleted, answer) = PauseForgetting(site);

        var forgetting = site.Identity.ForgetAsync("anna").AsTask();
        await deleted.Task;
        await site.App.StopAsync();

        forgetting.IsCompleted.ShouldBeFalse();
        answer.SetResult();
        (await forgetting).ShouldBe(["annas"]);
    }

    private static (TaskCompletionSource Deleted, TaskCompletionSource Answer) PauseForgetting(IdentitySite site)
    {
        var (deleted, answer) = (NewSource(), NewSource());
        TroubledStore.Of(site).After = call =>
        {
            if (call != nameof(IVisitorLinkStore.ForgetAsync))
            {
                return Task.CompletedTask;
            }

            deleted.TrySetResult();
            return answer.Task;
        };
        return (deleted, answer);
    }

    private static Task<IdentitySite> StartWithSlowSessionsAsync(Store database, Action<IServiceCollection>? services = null) =>
        IdentitySite.StartAsync(
            kameleoon => database.AddTo(kameleoon).AddSharedSessions(),
            options => options.SharedSessions.Timeout = TimeSpan.FromSeconds(20),
            services: added =>
            {
                services?.Invoke(added);
                added.AddSingleton<IVisitorSessionStore>(static provider =>
                    new SlowSessions(ActivatorUtilities.CreateInstance<VisitorSessionStore>(provider)));
            });

    private static TaskCompletionSource NewSource() => new(TaskCreationOptions.RunContinuationsAsynchronously);

    /// <summary>The database's sessions, which are saved when the test says so.</summary>
    private sealed class SlowSessions(IVisitorSessionStore database) : IVisitorSessionStore
    {
        internal TaskCompletionSource Saving { get; } = NewSource();

        internal TaskCompletionSource GoOn { get; } = NewSource();

        internal TaskCompletionSource Saved { get; set; } = NewSource();

        internal static SlowSessions Of(IdentitySite site) =>
            (SlowSessions)site.App.Services.GetRequiredService<IVisitorSessionStore>();

        public ValueTask<IReadOnlyList<VisitorSessionEntry>> FindAsync(string visitorCode, CancellationToken cancellationToken) =>
            database.FindAsync(visitorCode, cancellationToken);

        public async ValueTask SaveAsync(IReadOnlyList<VisitorSessionEntry> entries, CancellationToken cancellationToken)
        {
            Saving.TrySetResult();
            await GoOn.Task;
            await database.SaveAsync(entries, cancellationToken);
            Saved.TrySetResult();
        }

        public ValueTask ProlongAsync(IReadOnlyList<string> visitorCodes, CancellationToken cancellationToken) =>
            database.ProlongAsync(visitorCodes, cancellationToken);

        public ValueTask<VisitorSessionChanges> ReadChangesAsync(
            TimeSpan within, string? after, CancellationToken cancellationToken) =>
            database.ReadChangesAsync(within, after, cancellationToken);

        public ValueTask DeleteExpiredAsync(CancellationToken cancellationToken) => database.DeleteExpiredAsync(cancellationToken);
    }
}
