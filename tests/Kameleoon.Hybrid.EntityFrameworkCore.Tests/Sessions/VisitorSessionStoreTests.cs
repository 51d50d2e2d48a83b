using System.Globalization;

namespace Kameleoon.Hybrid.EntityFrameworkCore.Tests;

/// <summary>What servers leave each other of visitors, alike in SQLite and PostgreSQL.</summary>
[Collection(nameof(Databases))]
public sealed class VisitorSessionStoreTests(PostgreSqlServer postgres) : IAsyncDisposable
{
    private static readonly TimeSpan Lately = TimeSpan.FromMinutes(1);

    private readonly List<IAsyncDisposable> _opened = [];

    [Theory]
    [InlineData("SQLite")]
    [InlineData("PostgreSQL")]
    public async Task The_latest_of_each_entry_is_kept_whoever_wrote_it(string kind)
    {
        using var database = await Store.CreateAsync(kind, postgres);
        var (first, second) = (Open(database), Open(database));

        await first.SaveAsync([Entry("anna", "consent", "Given"), Entry("anna", "data:4", "a \"b\"", "{0}"), Entry("bert", "x", "y")], default);
        await second.SaveAsync([Entry("anna", "consent", "Refused"), Entry("anna", "forced:1")], default);

        Texts(await first.FindAsync("anna", default)).ShouldBe(
            ["anna consent Refused", "anna data:4 a \"b\"|{0}", "anna forced:1 "], ignoreOrder: true);
        (await first.FindAsync("carl", default)).ShouldBeEmpty();
    }

    [Theory]
    [InlineData("SQLite")]
    [InlineData("PostgreSQL")]
    public async Task A_server_hears_what_others_wrote_and_not_what_it_wrote_itself(string kind)
    {
        using var database = await Store.CreateAsync(kind, postgres);
        var (first, second) = (Open(database), Open(database));
        await first.SaveAsync([Entry("anna", "data:1", "first")], default);
        await second.SaveAsync([Entry("anna", "data:2", "second")], default);

        Texts((await first.ReadChangesAsync(Lately, null, default)).Entries).ShouldBe(["anna data:2 second"]);
        Texts((await second.ReadChangesAsync(Lately, null, default)).Entries).ShouldBe(["anna data:1 first"]);
        (await Open(database, "other12345").ReadChangesAsync(Lately, null, default)).Entries.ShouldBeEmpty();
        await Eventually.IsTrueAsync(async () =>
            (await first.ReadChangesAsync(TimeSpan.FromMilliseconds(20), null, default)).Entries.Count == 0);
    }

    [Theory]
    [InlineData("SQLite")]
    [InlineData("PostgreSQL")]
    public async Task A_session_that_nobody_prolonged_is_over_and_stays_over(string kind)
    {
        using var database = await Store.CreateAsync(kind, postgres);
        var store = Open(database);
        await store.SaveAsync([Entry("anna", "data:1", "x"), Entry("bert", "data:1", "x")], default);
        await database.ExecuteAsync("UPDATE kameleoon_visitor_sessions SET seen_at = seen_at - 70000");
        await store.ProlongAsync(["anna", "nobody"], default);
        await database.ExecuteAsync("UPDATE kameleoon_visitor_sessions SET seen_at = seen_at - 10000");

        (await store.FindAsync("anna", default)).Count.ShouldBe(1);
        (await store.FindAsync("bert", default)).ShouldBeEmpty();
        await store.ProlongAsync(["bert"], default);
        (await store.FindAsync("bert", default)).ShouldBeEmpty();
        await store.DeleteExpiredAsync(default);
        (await database.ExecuteAsync("SELECT count(*) FROM kameleoon_visitor_sessions")).ShouldBe(1);
    }

    [Fact]
    public async Task A_hundred_entries_are_written_at_once()
    {
        using var database = await Store.CreateAsync("SQLite", postgres);
        var store = Open(database);

        await store.SaveAsync([.. Enumerable.Range(0, 100).Select(i =>
            Entry("anna", string.Create(CultureInfo.InvariantCulture, $"data:{i}"), "x"))], default);

        (await store.FindAsync("anna", default)).Count.ShouldBe(100);
    }

    [Theory]
    [InlineData("SQLite")]
    [InlineData("PostgreSQL")]
    public async Task However_much_was_written_it_is_read_in_pages_each_entry_once(string kind)
    {
        const int Batches = 23;
        using var database = await Store.CreateAsync(kind, postgres);
        var (first, second) = (Open(database), Open(database));
        for (var batch = 0; batch < Batches; batch++)
        {
            await second.SaveAsync([.. Enumerable.Range(0, 100).Select(i =>
                Entry(string.Create(CultureInfo.InvariantCulture, $"a visitor {batch}"), string.Create(CultureInfo.InvariantCulture, $"data:{i}"), "x"))], default);
        }

        var pages = new List<VisitorSessionChanges>();
        do
        {
            pages.Add(await first.ReadChangesAsync(TimeSpan.FromHours(1), pages.LastOrDefault()?.Next, default));
        }
        while (pages[^1].Next is not null);

        pages.Select(page => page.Entries.Count).ShouldBe([1000, 1000, 300]);
        pages.SelectMany(page => Texts(page.Entries)).Distinct(StringComparer.Ordinal).Count().ShouldBe(Batches * 100);
    }

    [Fact]
    public async Task Who_is_forgotten_leaves_no_session_behind()
    {
        using var database = await Store.CreateAsync("SQLite", postgres);
        var store = Open(database);
        var links = Services(database).GetRequiredService<IVisitorLinkStore>();
        await links.LinkAsync("anna@example.com", "anna", DateTimeOffset.UnixEpoch, default);
        await store.SaveAsync([Entry("anna", "data:1", "x"), Entry("bert", "data:1", "x")], default);

        await links.ForgetAsync("anna@example.com", default);

        (await store.FindAsync("anna", default)).ShouldBeEmpty();
        (await store.FindAsync("bert", default)).Count.ShouldBe(1);
    }

    public async ValueTask DisposeAsync()
    {
        foreach (var opened in _opened)
        {
            await opened.DisposeAsync();
        }
    }

    private static VisitorSessionEntry Entry(string code, string name, params string[] values) => new(code, name, values);

    private static IEnumerable<string> Texts(IEnumerable<VisitorSessionEntry> entries) =>
        entries.Select(entry => $"{entry.VisitorCode} {entry.Name} {string.Join('|', entry.Values)}");

    // A server of its own.
    private IVisitorSessionStore Open(Store database, string site = "abcde12345") =>
        Services(database, site).GetRequiredService<IVisitorSessionStore>();

    private ServiceProvider Services(Store database, string site = "abcde12345")
    {
        var services = new ServiceCollection();
        database.AddTo(services.AddLogging().AddKameleoonHybrid(options =>
        {
            options.SiteCode = site;
            options.SessionDuration = TimeSpan.FromMinutes(1);
            options.Identity.StorePlainUserIds = true;
        })).AddSharedSessions();
        var provider = services.BuildServiceProvider();
        _opened.Add(provider);
        return provider;
    }
}
